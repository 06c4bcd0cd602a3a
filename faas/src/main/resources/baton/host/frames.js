'use strict';
// The frames spoken with a worker, as the Java package baton.host documents them: little endian, each led by the
// number of bytes that follow. Reads requests, writes answers; knows nothing of what runs in between.

// Captured, since functions may replace globals.
const { setImmediate } = require('node:timers');
const { Invocation, REQUEST_FIXED, u32 } = require('./invocation.js');

const VERSION = 1;
const KIND = { HELLO: 0, OK: 1, ERROR: 2, EXIT: 3, OUTPUT_TOO_LARGE: 4, BAD_RESPONSE: 5, BUSY: 6 };
const MODE = { HANDLER: 1, SCRIPT: 2, BROKEN: 3 };

const REQUEST = 1;
const CANCEL = 2;
const CANCEL_FIXED = 12; // the length field included, as in the other sizes of frames
const ANSWER_FIXED = 32;
const MAX_REQUEST_BYTES = (256 << 20) + (128 << 10);
const MAX_FIELDS = 100;
const MAX_FIELD_BYTES = 64 << 10;
// Answers that the worker has not taken yet; beyond it no further requests are read from that worker.
const MAX_UNSENT_BYTES = 8 << 20;
const OUT_BYTES = 64 << 10;

const EMPTY = Buffer.alloc(0);

/** A worker's connection: cuts what arrives into invocations and gathers answers into few writes. */
class Connection {
  #socket;
  #host;
  #inFlight = new Map();
  #partial = EMPTY; // the beginning of a frame, or the whole frame being filled
  #filled = 0; // bytes of #partial that are there; its length is what is wanted
  #out = Buffer.allocUnsafeSlow(OUT_BYTES);
  #used = 0;
  #flushing = false;
  #flush = () => this.#send();

  /** @param host has mode, accept(invocation) and closed(connection) */
  constructor(socket, host) {
    this.#socket = socket;
    this.#host = host;
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('drain', () => socket.resume());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#closed());
    this.#hello();
  }

  ref() {
    this.#socket.ref();
  }

  unref() {
    this.#socket.unref();
  }

  /** Whether somebody still waits for an answer, or for its last bytes. */
  get busy() {
    return this.#inFlight.size > 0 || this.#used > 0 || this.#socket.writableLength > 0;
  }

  #closed() {
    for (const invocation of this.#inFlight.values()) {
      this.#cancel(invocation);
    }
    this.#host.closed(this);
  }

  #cancel(invocation) {
    this.#inFlight.delete(invocation.id);
    invocation.cancel();
  }

  #read(chunk) {
    let at = 0;
    if (this.#partial !== EMPTY) {
      at = this.#fill(chunk);
      if (at < 0) {
        return;
      }
    }
    while (chunk.length - at >= 4) {
      const end = at + 4 + u32(chunk, at);
      if (end - at > MAX_REQUEST_BYTES) {
        this.#socket.destroy();
        return;
      }
      if (end > chunk.length) {
        this.#partial = Buffer.allocUnsafeSlow(end - at);
        this.#filled = chunk.copy(this.#partial, 0, at);
        return;
      }
      this.#frame(chunk, at, end);
      at = end;
    }
    if (at < chunk.length) { // not even a length
      this.#partial = Buffer.allocUnsafeSlow(4);
      this.#filled = chunk.copy(this.#partial, 0, at);
    }
  }

  /** Completes the frame begun earlier; returns where the next one begins, or -1 when the chunk is used up. */
  #fill(chunk) {
    let at = 0;
    while (true) {
      const copied = chunk.copy(this.#partial, this.#filled, at);
      this.#filled += copied;
      at += copied;
      if (this.#filled < this.#partial.length) {
        return -1;
      }
      const length = 4 + u32(this.#partial, 0);
      if (length === this.#partial.length) {
        break;
      }
      if (length > MAX_REQUEST_BYTES) {
        this.#socket.destroy();
        return -1;
      }
      const whole = Buffer.allocUnsafeSlow(length); // only the length was there
      this.#partial.copy(whole);
      this.#partial = whole;
    }
    const frame = this.#partial;
    this.#partial = EMPTY;
    this.#frame(frame, 0, frame.length);
    return at;
  }

  #frame(buffer, at, end) {
    const type = buffer[at + 4];
    if (type === REQUEST && end - at >= REQUEST_FIXED) {
      const invocation = new Invocation(this, buffer, at, end);
      this.#inFlight.set(invocation.id, invocation);
      this.#host.accept(invocation);
    } else if (type === CANCEL && end - at === CANCEL_FIXED) {
      const invocation = this.#inFlight.get(u32(buffer, at + 8));
      if (invocation !== undefined) {
        this.#cancel(invocation);
      }
    } else {
      this.#socket.destroy();
    }
  }

  #hello() {
    const text = `node ${process.version}`;
    this.#begin(text.length);
    this.#fixed(0, KIND.HELLO, VERSION, process.pid);
    this.#out[this.#used + 9] = this.#host.mode;
    this.#out.latin1Write(text, this.#used + ANSWER_FIXED);
    this.#finish(ANSWER_FIXED + text.length);
  }

  /**
   * Sends an answer, unless the worker has given the invocation up.
   *
   * @param kind one of KIND
   * @param body string or bytes: the response body, or the sentence that says what failed
   * @param options status, exit code, encoded fields with their count
   */
  answer(invocation, kind, body, { status = 0, exit = 0, fields = EMPTY, count = 0 } = {}) {
    if (!this.#inFlight.delete(invocation.id)) {
      return;
    }
    invocation.answered();
    const { log } = invocation;
    const logLength = log === null ? 0 : log.length;
    const text = typeof body === 'string';
    // A short string is encoded straight into its place; room is made for the worst case.
    const bodyRoom = text ? (body.length < 4096 ? body.length * 3 : Buffer.byteLength(body)) : body.length;
    this.#begin(fields.length + logLength + bodyRoom);
    this.#fixed(invocation.id, kind, status, exit);
    const out = this.#out;
    const start = this.#used;
    let at = start + ANSWER_FIXED;
    if (fields.length > 0) {
      put16(out, start + 16, count);
      put32(out, start + 20, fields.length);
      out.set(fields, at);
      at += fields.length;
    }
    if (log !== null) {
      put32(out, start + 24, log.length);
      put32(out, start + 28, Math.min(log.dropped, 0xffffffff));
      for (const chunk of log.chunks) {
        out.set(chunk, at);
        at += chunk.length;
      }
    }
    if (text) {
      at += out.utf8Write(body, at, bodyRoom);
    } else {
      out.set(body, at);
      at += body.length;
    }
    this.#finish(at - start);
  }

  /** Makes room for a frame; what is gathered already is sent first when both do not fit. */
  #begin(variableBytes) {
    const wanted = ANSWER_FIXED + variableBytes;
    if (this.#used + wanted <= this.#out.length) {
      return;
    }
    this.#send();
    if (wanted > this.#out.length) {
      this.#out = Buffer.allocUnsafeSlow(wanted);
    }
  }

  #fixed(id, kind, status, exit) {
    const out = this.#out;
    const at = this.#used;
    put32(out, at + 4, id);
    out[at + 8] = kind;
    out[at + 9] = 0;
    put16(out, at + 10, status);
    put32(out, at + 12, exit);
    out.fill(0, at + 16, at + ANSWER_FIXED);
  }

  #finish(length) {
    put32(this.#out, this.#used, length - 4);
    this.#used += length;
    if (!this.#flushing) {
      this.#flushing = true;
      setImmediate(this.#flush);
    }
  }

  #send() {
    this.#flushing = false;
    if (this.#used === 0 || this.#socket.destroyed) {
      this.#used = 0;
      return;
    }
    const bytes = this.#out.subarray(0, this.#used);
    this.#used = 0;
    this.#socket.write(bytes);
    // Nothing left in the stream means that the kernel has all of it, so the memory may be used again.
    if (this.#socket.writableLength > 0 || this.#out.length > OUT_BYTES) {
      this.#out = Buffer.allocUnsafeSlow(OUT_BYTES);
    }
    if (this.#socket.writableLength > MAX_UNSENT_BYTES) {
      this.#socket.pause();
    }
  }
}

/** Encodes names and values, given in turn as latin1 strings, as an answer carries them. */
function encodeFields(list) {
  let length = 0;
  for (let i = 0; i < list.length; i += 2) {
    length += 4 + list[i].length + list[i + 1].length;
  }
  if (length > MAX_FIELD_BYTES || list.length > 2 * MAX_FIELDS) {
    throw new RangeError(`the response has ${list.length / 2} header fields in ${length} bytes; `
      + `${MAX_FIELDS} fields in ${MAX_FIELD_BYTES} bytes are allowed`);
  }
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (let i = 0; i < list.length; i += 2) {
    put16(bytes, at, list[i].length);
    put16(bytes, at + 2, list[i + 1].length);
    at += 4 + bytes.latin1Write(list[i], at + 4);
    at += bytes.latin1Write(list[i + 1], at);
  }
  return bytes;
}

function put16(buffer, at, value) {
  buffer[at] = value;
  buffer[at + 1] = value >>> 8;
}

function put32(buffer, at, value) {
  buffer[at] = value;
  buffer[at + 1] = value >>> 8;
  buffer[at + 2] = value >>> 16;
  buffer[at + 3] = value >>> 24;
}

module.exports = { Connection, KIND, MODE, encodeFields };
