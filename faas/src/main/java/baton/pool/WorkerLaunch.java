package baton.pool;

import baton.posix.ChildProcess;
import baton.posix.Descriptor;
import baton.posix.Socket;
import baton.posix.SocketPair;
import baton.wire.Protocol;
import baton.wire.Telemetry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Starts worker processes: the same program again, with a control and a telemetry socket as descriptors 3
/// and 4 and an environment of its own.
///
/// @param java command of the virtual machine with all its flags, up to and without the subcommand
/// @param arguments of the `worker` subcommand, without the id
/// @param environment all that a worker gets to see
/// @param output where what a worker writes to stdout and stderr goes
public record WorkerLaunch(
        List<String> java, List<String> arguments, Map<String, String> environment, Descriptor output) {

    /// A started worker, with the gateway's ends of its sockets.
    public record Started(ChildProcess process, Descriptor control, Descriptor telemetry) {}

    /// Starts a worker.
    ///
    /// @param id `POOL/INDEX`
    public Started start(String id) throws IOException {
        List<String> command = new ArrayList<>(java);
        command.add("worker");
        command.add("id=" + id);
        command.addAll(arguments);
        SocketPair control =
                SocketPair.open(Socket.SOCK_SEQPACKET | Socket.SOCK_NONBLOCK).withBuffers(Protocol.SOCKET_BUFFER_BYTES);
        SocketPair telemetry =
                SocketPair.open(Socket.SOCK_DGRAM | Socket.SOCK_NONBLOCK).withBuffers(8 * Telemetry.MAX_BYTES);
        try {
            ChildProcess process = ChildProcess.start(
                    new ChildProcess.Start(command, environment, output, List.of(control.far(), telemetry.far())));
            return new Started(process, control.near(), telemetry.near());
        } catch (IOException e) {
            control.near().close();
            telemetry.near().close();
            throw e;
        } finally {
            control.far().close();
            telemetry.far().close();
        }
    }
}
