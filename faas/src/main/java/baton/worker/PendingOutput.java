package baton.worker;

/// Bytes that wait until the socket takes them. Its size is bounded by the output limit of the function.
final class PendingOutput {
    final byte[] bytes;
    int from;

    PendingOutput(byte[] bytes) {
        this.bytes = bytes;
    }

    int left() {
        return bytes.length - from;
    }
}
