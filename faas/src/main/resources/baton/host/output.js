'use strict';
// Stands in for process.stdout and process.stderr, so that what a function writes goes to the invocation it
// belongs to and never to the host's own descriptors.

const fs = require('node:fs');
const { Writable } = require('node:stream');

const writeSync = fs.writeSync.bind(fs);
const nextTick = process.nextTick.bind(process);

/** A stream that gives each write at once to a sink and never ends. */
class Captured extends Writable {
  #sink;

  /** @param sink takes bytes */
  constructor(fd, sink) {
    super();
    this.fd = fd;
    this.#sink = sink;
  }

  write(chunk, encoding, callback) {
    const done = typeof encoding === 'function' ? encoding : callback;
    this.#sink(bytesOf(chunk, typeof encoding === 'string' ? encoding : 'utf8'));
    if (typeof done === 'function') {
      nextTick(done);
    }
    return true;
  }

  end(chunk, encoding, callback) {
    const done = [chunk, encoding, callback].find((argument) => typeof argument === 'function');
    if (chunk !== undefined && chunk !== null && chunk !== done) {
      this.write(chunk, encoding);
    }
    if (done !== undefined) {
      nextTick(done);
    }
    return this;
  }
}

function bytesOf(chunk, encoding) {
  if (typeof chunk === 'string') {
    return Buffer.from(chunk, encoding);
  }
  if (ArrayBuffer.isView(chunk)) {
    // A copy: the function may use its memory again.
    return Buffer.from(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }
  throw new TypeError('the chunk must be a string, a Buffer, a TypedArray or a DataView');
}

/**
 * Redirects stdout and stderr, also when written by descriptor.
 *
 * @param stdout takes the bytes of stdout
 * @param stderr takes the bytes of stderr
 */
function capture(stdout, stderr) {
  const streams = { stdout: new Captured(1, stdout), stderr: new Captured(2, stderr) };
  for (const [name, value] of Object.entries(streams)) {
    Object.defineProperty(process, name, { value, configurable: true, enumerable: true, writable: true });
  }
  const sinks = new Map([[1, stdout], [2, stderr], ['/dev/stdout', stdout], ['/dev/stderr', stderr]]);
  fs.writeSync = function (fd, data, from, ...rest) {
    const sink = sinks.get(fd);
    if (sink === undefined) {
      return writeSync(fd, data, from, ...rest);
    }
    let bytes;
    if (typeof data === 'string') {
      bytes = Buffer.from(data, typeof rest[0] === 'string' ? rest[0] : 'utf8');
    } else {
      const { offset = 0, length } = typeof from === 'object' && from !== null ? from
        : { offset: from ?? 0, length: rest[0] ?? undefined };
      const all = bytesOf(data);
      bytes = all.subarray(offset, length === undefined ? all.length : offset + length);
    }
    sink(bytes);
    return bytes.length;
  };
  for (const name of ['writeFileSync', 'appendFileSync']) {
    const original = fs[name];
    fs[name] = function (file, data, options) {
      const sink = sinks.get(file);
      if (sink === undefined) {
        return original.call(fs, file, data, options);
      }
      return sink(bytesOf(data, typeof options === 'string' ? options : options?.encoding ?? 'utf8'));
    };
  }
  return streams;
}

/** Writes to the host's own stderr; what does not fit into a full pipe is dropped rather than waited for. */
function complain(text) {
  try {
    writeSync(2, text);
  } catch (error) {
    if (error.code !== 'EAGAIN' && error.code !== 'EPIPE') {
      throw error;
    }
  }
}

/** What went wrong in one line, such as `TypeError: x is not a function`. */
function sentence(error) {
  if (error instanceof Error) {
    return `${error.name}: ${error.message}`.slice(0, 1000);
  }
  return `uncaught ${require('node:util').inspect(error)}`.slice(0, 1000);
}

/** The same with the stack, as far as it is the function's, for a log. */
function details(error) {
  const stack = error instanceof Error && typeof error.stack === 'string' ? error.stack : sentence(error);
  return `${stack.split('\n').filter((line) => !line.includes(__dirname)).join('\n')}\n`;
}

module.exports = { capture, complain, details, sentence };
