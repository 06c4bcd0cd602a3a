package baton.engine.wasi;

import baton.posix.NativeBuffer;

/// The linear memory of the running instance, little-endian. Addresses are the guest's and unsigned; every
/// access is checked.
///
/// All methods throw [GuestFault] when the range does not lie within the memory.
public interface GuestMemory {
    /// Checks a range before anything is done with it.
    ///
    /// @param length not negative
    void require(int address, long length);

    int getByte(int address);

    int getShort(int address);

    int getInt(int address);

    long getLong(int address);

    void putInt(int address, int value);

    void putLong(int address, long value);

    /// Copies from the guest.
    void read(int address, byte[] target, int offset, int length);

    /// Copies to the guest.
    void write(int address, byte[] source, int offset, int length);

    /// Appends a range of the guest's memory to a buffer.
    void appendTo(NativeBuffer target, int address, int length);
}
