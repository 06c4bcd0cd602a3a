package baton;

import baton.build.BuilderMain;
import baton.cli.CommandLineProgram;
import baton.worker.WorkerMain;
import java.io.IOException;
import java.util.Arrays;

/// Entry point of every process: the command line, the platform, its workers and its builder are subcommands
/// of one program, so that their versions cannot disagree.
public final class Main {
    private Main() {}

    /// The roles that the platform starts its own processes in come first: they must not pay for loading the
    /// command line.
    public static void main(String[] arguments) {
        String role = arguments.length == 0 ? "" : arguments[0];
        String[] rest = arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
        int exit =
                switch (role) {
                    case "worker" -> worker(rest);
                    case "rehearse-platform" -> PlatformRehearsal.run(rest);
                    case "builder" -> BuilderMain.run(rest);
                    default -> CommandLineProgram.onTerminal(Up::run).run(arguments);
                };
        System.exit(exit);
    }

    private static int worker(String[] arguments) {
        try {
            return WorkerMain.run(arguments);
        } catch (IOException | InterruptedException e) {
            System.err.println("worker: " + e);
            return 1;
        }
    }
}
