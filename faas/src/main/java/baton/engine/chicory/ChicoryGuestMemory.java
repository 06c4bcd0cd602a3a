package baton.engine.chicory;

import baton.engine.wasi.GuestFault;
import baton.engine.wasi.GuestMemory;
import baton.posix.NativeBuffer;
import com.dylibso.chicory.runtime.Memory;
import org.jspecify.annotations.Nullable;

/// Linear memory of a Chicory instance. Owned by the runner's thread.
///
/// An instance has at most 256 MiB, so addresses that passed the check are positive.
final class ChicoryGuestMemory implements GuestMemory {
    private @Nullable Memory memory;

    /// Names the memory of the instance that runs from now on, or none.
    void use(@Nullable Memory next) {
        memory = next;
    }

    /// Its size in bytes, 0 when there is none.
    long size() {
        return memory == null ? 0 : (long) memory.pages() * Memory.PAGE_SIZE;
    }

    @Override
    public void require(int address, long length) {
        at(address, length);
    }

    @Override
    public int getByte(int address) {
        return at(address, 1).read(address) & 0xff;
    }

    @Override
    public int getShort(int address) {
        return at(address, 2).readShort(address) & 0xffff;
    }

    @Override
    public int getInt(int address) {
        return at(address, 4).readInt(address);
    }

    @Override
    public long getLong(int address) {
        return at(address, 8).readLong(address);
    }

    @Override
    public void putInt(int address, int value) {
        at(address, 4).writeI32(address, value);
    }

    @Override
    public void putLong(int address, long value) {
        at(address, 8).writeLong(address, value);
    }

    @Override
    public void read(int address, byte[] target, int offset, int length) {
        System.arraycopy(at(address, length).readBytes(address, length), 0, target, offset, length);
    }

    @Override
    public void write(int address, byte[] source, int offset, int length) {
        at(address, length).write(address, source, offset, length);
    }

    @Override
    public void appendTo(NativeBuffer target, int address, int length) {
        target.append(at(address, length).readBytes(address, length), 0, length);
    }

    private Memory at(int address, long length) {
        Memory current = memory;
        if (current == null || Integer.toUnsignedLong(address) + length > size()) {
            throw new GuestFault();
        }
        return current;
    }
}
