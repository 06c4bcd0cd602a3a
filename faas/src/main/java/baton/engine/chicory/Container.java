package baton.engine.chicory;

import baton.engine.InvalidModuleException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// The precompiled file of a module: a magic, Chicory's version, the module itself and the jar of classes
/// that Chicory made of it. Big-endian, each part after its length in four bytes.
///
/// @param wasm the module
/// @param classes the jar that Chicory's compiler cache holds for it
record Container(byte[] wasm, byte[] classes) {
    private static final int MAGIC = 0x42544348;

    byte[] encode(String version) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(wasm.length + classes.length + 64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeUTF(version);
            out.writeInt(wasm.length);
            out.write(wasm);
            out.writeInt(classes.length);
            out.write(classes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return bytes.toByteArray();
    }

    static Container decode(byte[] file, String version, String name) throws InvalidModuleException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(file))) {
            if (in.readInt() != MAGIC) {
                throw new InvalidModuleException(damaged(name));
            }
            String made = in.readUTF();
            if (!made.equals(version)) {
                throw new InvalidModuleException("The precompiled module " + name + " was made by Chicory " + made
                        + ", this is " + version + ". Deploy the function again.");
            }
            Container container = new Container(part(in, name), part(in, name));
            if (in.available() != 0) {
                throw new InvalidModuleException(damaged(name));
            }
            return container;
        } catch (IOException failure) {
            throw new InvalidModuleException(damaged(name), failure);
        }
    }

    private static byte[] part(DataInputStream in, String name) throws IOException, InvalidModuleException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new InvalidModuleException(damaged(name));
        }
        return in.readNBytes(length);
    }

    private static String damaged(String name) {
        return "The precompiled module " + name + " is damaged. Deploy the function again.";
    }
}
