'use strict';
// A request as a worker sent it, and what it leaves on stderr.

// Captured, since functions may replace globals.
const { setTimeout, clearTimeout } = require('node:timers');
const now = performance.now.bind(performance);

const REQUEST_FIXED = 44; // bytes before the table of fields, the length field included
const MAX_STDERR_BYTES = 16 << 10;

/** What one invocation writes to stderr: the first bytes are kept, the rest is counted. */
class Log {
  constructor() {
    this.chunks = [];
    this.length = 0;
    this.dropped = 0;
  }

  write(bytes) {
    const room = MAX_STDERR_BYTES - this.length;
    if (bytes.length > room) {
      this.dropped += bytes.length - room;
      bytes = bytes.subarray(0, room);
    }
    if (bytes.length > 0) {
      this.chunks.push(bytes);
      this.length += bytes.length;
    }
  }
}

/** One request as it came from a worker. Everything is cut out of the frame when somebody asks for it. */
class Invocation {
  #timer = null;

  constructor(connection, buffer, at, end) {
    this.connection = connection;
    this.id = u32(buffer, at + 8);
    this.outputLimit = u32(buffer, at + 16);
    this.deadline = now() + u32(buffer, at + 12);
    this.log = null;
    this.onCancel = null; // set by whoever has something to stop
    this.cancelled = false;
    this.buffer = buffer;
    this.at = at;
    this.end = end;
  }

  get #head() {
    return this.at + REQUEST_FIXED + 8 * u16(this.buffer, this.at + 34);
  }

  #text(fromField, toField) {
    const head = this.#head;
    return this.buffer.latin1Slice(head + u16(this.buffer, this.at + fromField),
      head + u16(this.buffer, this.at + toField));
  }

  get method() {
    return this.#text(20, 22);
  }

  get target() {
    return this.#text(24, 26);
  }

  get scriptName() {
    return this.#text(28, 30);
  }

  get pathInfo() {
    return this.#text(30, 32);
  }

  get query() {
    const from = u16(this.buffer, this.at + 32) + 1;
    return from > u16(this.buffer, this.at + 26) ? '' : this.#text(32, 26).substring(1);
  }

  get secure() {
    return (this.buffer[this.at + 5] & 1) !== 0;
  }

  get protocol() {
    return (this.buffer[this.at + 5] & 2) !== 0 ? 'HTTP/1.1' : 'HTTP/1.0';
  }

  get localPort() {
    return u16(this.buffer, this.at + 6);
  }

  get remoteAddress() {
    const from = this.#head + u32(this.buffer, this.at + 40);
    return this.buffer.latin1Slice(from, from + u16(this.buffer, this.at + 36));
  }

  get requestId() {
    const from = this.#head + u32(this.buffer, this.at + 40) + u16(this.buffer, this.at + 36);
    return this.buffer.latin1Slice(from, from + u16(this.buffer, this.at + 38));
  }

  /** Names in lower case and values, in turn. */
  fields() {
    const { buffer, at } = this;
    const head = this.#head;
    const text = buffer.latin1Slice(head, head + u32(buffer, at + 40));
    const list = [];
    for (let p = at + REQUEST_FIXED; p < head; p += 8) {
      list.push(text.substring(u16(buffer, p), u16(buffer, p + 2)).toLowerCase(),
        text.substring(u16(buffer, p + 4), u16(buffer, p + 6)));
    }
    return list;
  }

  get bodyStart() {
    const { buffer, at } = this;
    return this.#head + u32(buffer, at + 40) + u16(buffer, at + 36) + u16(buffer, at + 38);
  }

  get bodyLength() {
    return this.end - this.bodyStart;
  }

  /** The request body, without a copy. */
  get body() {
    return this.buffer.subarray(this.bodyStart, this.end);
  }

  bodyText() {
    return this.buffer.utf8Slice(this.bodyStart, this.end);
  }

  /** Aborts when the deadline passes or the worker gives the invocation up. */
  abortWith(controller) {
    if (this.cancelled) {
      controller.abort();
      return;
    }
    const expire = () => controller.abort(new DOMException('the deadline has passed', 'TimeoutError'));
    this.#timer = setTimeout(expire, Math.max(0, this.deadline - now()));
    this.#timer.unref();
    this.onCancel = () => controller.abort();
  }

  /** The worker gave it up: nobody waits for the answer any more. */
  cancel() {
    this.answered();
    this.cancelled = true;
    this.onCancel?.();
  }

  answered() {
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
    }
  }

  /** Writes to this invocation's stderr. */
  logBytes(bytes) {
    this.log ??= new Log();
    this.log.write(bytes);
  }

  logText(text) {
    this.logBytes(Buffer.from(text));
  }
}

function u16(buffer, at) {
  return buffer[at] | (buffer[at + 1] << 8);
}

function u32(buffer, at) {
  return (buffer[at] | (buffer[at + 1] << 8) | (buffer[at + 2] << 16) | (buffer[at + 3] << 24)) >>> 0;
}

module.exports = { Invocation, REQUEST_FIXED, now, u32 };
