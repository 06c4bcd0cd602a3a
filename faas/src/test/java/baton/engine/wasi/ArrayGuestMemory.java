package baton.engine.wasi;

import baton.posix.NativeBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Linear memory in an array.
final class ArrayGuestMemory implements GuestMemory {
    private final ByteBuffer bytes;

    ArrayGuestMemory(int size) {
        bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void require(int address, long length) {
        if (Integer.toUnsignedLong(address) + length > bytes.capacity()) {
            throw new GuestFault();
        }
    }

    @Override
    public int getByte(int address) {
        require(address, 1);
        return bytes.get(address) & 0xff;
    }

    @Override
    public int getShort(int address) {
        require(address, 2);
        return bytes.getShort(address) & 0xffff;
    }

    @Override
    public int getInt(int address) {
        require(address, 4);
        return bytes.getInt(address);
    }

    @Override
    public long getLong(int address) {
        require(address, 8);
        return bytes.getLong(address);
    }

    @Override
    public void putInt(int address, int value) {
        require(address, 4);
        bytes.putInt(address, value);
    }

    @Override
    public void putLong(int address, long value) {
        require(address, 8);
        bytes.putLong(address, value);
    }

    @Override
    public void read(int address, byte[] target, int offset, int length) {
        require(address, length);
        bytes.get(address, target, offset, length);
    }

    @Override
    public void write(int address, byte[] source, int offset, int length) {
        require(address, length);
        bytes.put(address, source, offset, length);
    }

    @Override
    public void appendTo(NativeBuffer target, int address, int length) {
        require(address, length);
        target.append(bytes.array(), address, length);
    }
}
