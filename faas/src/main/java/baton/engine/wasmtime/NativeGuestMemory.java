package baton.engine.wasmtime;

import static baton.engine.wasmtime.LibWasmtime.ALL;
import static baton.engine.wasmtime.LibWasmtime.INT;
import static baton.engine.wasmtime.LibWasmtime.LONG;

import baton.engine.wasi.GuestFault;
import baton.engine.wasi.GuestMemory;
import baton.posix.NativeBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Linear memory where wasmtime has it. Owned by the runner's thread; valid only within a host call, between
/// [#enter] and its return.
final class NativeGuestMemory implements GuestMemory {
    /// The handle lies behind the kind in `wasmtime_extern_t`.
    private static final int EXTERN_VALUE = 8;

    private final LibWasmtime library;
    private final long name;
    private final long nameLength;
    private final long extern;
    private long caller;
    private boolean located;
    private long base;
    private long size;

    /// @param name address of the memory's export name
    /// @param extern address of a free `wasmtime_extern_t`
    NativeGuestMemory(LibWasmtime library, long name, long nameLength, long extern) {
        this.library = library;
        this.name = name;
        this.nameLength = nameLength;
        this.extern = extern;
    }

    /// Forgets the last instance.
    void reset() {
        located = false;
        base = 0;
        size = 0;
    }

    /// Begins a host call.
    ///
    /// @param callerAddress the `wasmtime_caller_t *` that it got
    void enter(long callerAddress) {
        caller = callerAddress;
    }

    @Override
    public void require(int address, long length) {
        at(address, length);
    }

    @Override
    public int getByte(int address) {
        return ALL.get(ValueLayout.JAVA_BYTE, at(address, 1)) & 0xff;
    }

    @Override
    public int getShort(int address) {
        return ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, at(address, 2)) & 0xffff;
    }

    @Override
    public int getInt(int address) {
        return ALL.get(INT, at(address, 4));
    }

    @Override
    public long getLong(int address) {
        return ALL.get(LONG, at(address, 8));
    }

    @Override
    public void putInt(int address, int value) {
        ALL.set(INT, at(address, 4), value);
    }

    @Override
    public void putLong(int address, long value) {
        ALL.set(LONG, at(address, 8), value);
    }

    @Override
    public void read(int address, byte[] target, int offset, int length) {
        MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, at(address, length), target, offset, length);
    }

    @Override
    public void write(int address, byte[] source, int offset, int length) {
        MemorySegment.copy(source, offset, ALL, ValueLayout.JAVA_BYTE, at(address, length), length);
    }

    @Override
    public void appendTo(NativeBuffer target, int address, int length) {
        target.append(ALL, at(address, length), length);
    }

    /// The native address of a guest range that was checked. The memory only grows, so what lay within the
    /// size seen last still does.
    private long at(int address, long length) {
        long offset = Integer.toUnsignedLong(address);
        if (offset + length > size) {
            refresh();
            if (offset + length > size) {
                throw new GuestFault();
            }
        }
        return base + offset;
    }

    private void refresh() {
        if (!located) {
            located = LibWasmtime.isTrue(LibWasmtime.call(library.callerExportGet, caller, name, nameLength, extern));
            if (!located) {
                throw new GuestFault();
            }
        }
        long context = LibWasmtime.call(library.callerContext, caller);
        size = LibWasmtime.call(library.memoryDataSize, context, extern + EXTERN_VALUE);
        base = LibWasmtime.call(library.memoryData, context, extern + EXTERN_VALUE);
    }
}
