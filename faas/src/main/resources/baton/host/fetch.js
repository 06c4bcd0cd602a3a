'use strict';
// Request and Response of the Fetch API for functions: bodies are in memory anyway, and header fields are read
// only when asked for. Node's own classes cost several times more per request; what is rare (forms, multipart,
// fetch itself) is left to them.

const { isDisturbed, Readable } = require('node:stream');
const { encodeFields } = require('./frames.js');
const { Headers, headersOf, listOf, isInstance, native } = require('./headers.js');

const TEXT = 'text/plain;charset=UTF-8';
const JSON_TYPE = 'application/json';
const NULL_BODY = new Set([204, 205, 304]);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
// Framing belongs to the worker (RFC 9110 §7.6.1, RFC 9112 §6).
const HOP_BY_HOP = new Set(['connection', 'content-length', 'keep-alive', 'proxy-connection', 'te', 'trailer',
  'transfer-encoding', 'upgrade']);
const FROM_INVOCATION = Symbol('from an invocation');

/** A response body grew beyond what the function may answer. */
class OutputTooLarge extends Error {}

function isStream(payload) {
  return typeof payload === 'object' && payload !== null && !(payload instanceof Uint8Array);
}

function streamOf(payload) {
  return new ReadableStream({
    type: 'bytes',
    start(controller) {
      const bytes = new Uint8Array(Buffer.from(payload)); // a copy: streams may detach what they are given
      if (bytes.length > 0) {
        controller.enqueue(bytes);
      }
      controller.close();
    },
  });
}

/** All bytes of a payload, as a Buffer. */
async function gather(payload, limit = Infinity) {
  if (payload === null) {
    return Buffer.alloc(0);
  }
  if (!isStream(payload)) {
    return Buffer.isBuffer(payload) ? payload : Buffer.from(payload);
  }
  const chunks = [];
  let length = 0;
  for await (const chunk of payload) {
    if (!(chunk instanceof Uint8Array)) {
      throw new TypeError('a body stream must give Uint8Array chunks');
    }
    length += chunk.length;
    if (length > limit) {
      throw new OutputTooLarge();
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** What a body given by the user becomes: the payload, and the content type that goes with it (or null). */
function payloadFrom(body) {
  if (body === null || body === undefined) {
    return [null, null];
  }
  if (typeof body === 'string') {
    return [body, TEXT];
  }
  if (body instanceof Uint8Array) {
    return [Buffer.from(body), null];
  }
  if (ArrayBuffer.isView(body)) {
    return [Buffer.from(new Uint8Array(body.buffer, body.byteOffset, body.byteLength)), null];
  }
  if (body instanceof ArrayBuffer || body instanceof SharedArrayBuffer) {
    return [Buffer.from(body.slice(0)), null];
  }
  if (body instanceof URLSearchParams) {
    return [body.toString(), 'application/x-www-form-urlencoded;charset=UTF-8'];
  }
  if (body instanceof Blob) {
    return [body.stream(), body.type === '' ? null : body.type];
  }
  if (body instanceof FormData) {
    const encoded = new (native('Response'))(body);
    return [encoded.body, encoded.headers.get('content-type')];
  }
  if (body instanceof ReadableStream || typeof body[Symbol.asyncIterator] === 'function') {
    return [body, null];
  }
  return [String(body), TEXT];
}

let takePayload; // Body → null, string, Buffer or stream; marks it as read

/** What Request and Response have in common: a body that can be read once. */
class Body {
  #payload; // null, string, Buffer, ReadableStream or another async iterable
  #stream = null; // made of the payload when the user asks for `body`
  #read = false;

  static {
    takePayload = (body) => {
      if (body.bodyUsed) {
        throw new TypeError('Body is unusable: it has already been read');
      }
      body.#read = body.#payload !== null;
      return body.#stream ?? body.#payload;
    };
  }

  constructor(payload) {
    this.#payload = payload;
  }

  get bodyUsed() {
    return this.#read || (this.#stream !== null && isDisturbed(this.#stream));
  }

  get body() {
    if (this.#stream === null && this.#payload !== null) {
      this.#stream = this.#payload instanceof ReadableStream ? this.#payload
        : isStream(this.#payload) ? Readable.toWeb(Readable.from(this.#payload)) : streamOf(this.#payload);
    }
    return this.#stream;
  }

  async text() {
    const payload = takePayload(this);
    if (typeof payload === 'string') {
      return payload;
    }
    const bytes = Buffer.isBuffer(payload) ? payload : await gather(payload);
    const text = bytes.utf8Slice(0, bytes.length);
    return text.charCodeAt(0) === 0xfeff ? text.substring(1) : text;
  }

  async json() {
    return JSON.parse(await this.text());
  }

  async bytes() {
    return new Uint8Array(await gather(takePayload(this)));
  }

  async arrayBuffer() {
    return (await this.bytes()).buffer;
  }

  async blob() {
    return new Blob([await this.bytes()], { type: this.headers.get('content-type') ?? '' });
  }

  async formData() {
    const headers = { 'content-type': this.headers.get('content-type') ?? '' };
    return new (native('Response'))(await this.bytes(), { headers }).formData();
  }

  /** The payload for a clone: shared when it is in memory, else the stream is split in two. */
  _split() {
    if (this.bodyUsed) {
      throw new TypeError('clone: the body has already been read');
    }
    if (this.#stream === null && !isStream(this.#payload)) {
      return this.#payload;
    }
    const [mine, other] = this.body.tee();
    this.#stream = mine;
    return other;
  }
}

class Request extends Body {
  #invocation = null;
  #method = null;
  #url = null;
  #headers = null;
  #signal = null;

  static [Symbol.hasInstance](value) {
    return isInstance(Request, 'Request', value);
  }

  /** @param input URL or Request; with FROM_INVOCATION as init (by the host only) an invocation */
  constructor(input, init) {
    if (init === FROM_INVOCATION) {
      super(input.bodyStart === input.end ? null : input.body);
      this.#invocation = input;
      return;
    }
    const other = typeof input === 'object' && isInstance(Request, 'Request', input) ? input : null;
    const given = init?.body ?? null;
    const [payload, type] = payloadFrom(given);
    super(given === null && other !== null ? other.clone().body : payload);
    this.#method = String(init?.method ?? other?.method ?? 'GET').replace(
      /^(?:delete|get|head|options|post|put)$/i, (method) => method.toUpperCase());
    this.#url = other !== null ? other.url : new URL(String(input)).href;
    this.#headers = new Headers(init?.headers ?? other?.headers);
    this.#signal = init?.signal ?? other?.signal ?? null;
    if (given !== null && (this.#method === 'GET' || this.#method === 'HEAD')) {
      throw new TypeError('Request with GET/HEAD method cannot have body');
    }
    if (type !== null && !this.#headers.has('content-type')) {
      this.#headers.append('content-type', type);
    }
  }

  get method() {
    this.#method ??= this.#invocation.method;
    return this.#method;
  }

  get url() {
    if (this.#url === null) {
      const { target, secure } = this.#invocation;
      const origin = `${secure ? 'https' : 'http'}://${this.headers.get('host') ?? 'localhost'}`;
      this.#url = target.startsWith('/') ? origin + target : target === '*' ? `${origin}/` : target;
    }
    return this.#url;
  }

  get headers() {
    if (this.#headers === null) {
      const list = this.#invocation.fields();
      if (!list.includes('x-request-id') && this.#invocation.requestId !== '') {
        list.push('x-request-id', this.#invocation.requestId);
      }
      this.#headers = headersOf(list);
    }
    return this.#headers;
  }

  /** Aborted when the deadline passes or the worker gives up; made only when asked for. */
  get signal() {
    if (this.#signal === null) {
      const controller = new AbortController();
      this.#signal = controller.signal;
      this.#invocation?.abortWith(controller);
    }
    return this.#signal;
  }

  clone() {
    const { url, method, headers, signal } = this;
    const payload = this._split();
    const body = method === 'GET' || method === 'HEAD' ? undefined : payload;
    return new Request(url, { method, headers, signal, body });
  }

  get redirect() {
    return 'follow';
  }

  get [Symbol.toStringTag]() {
    return 'Request';
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    const { method, url, headers } = this;
    return `Request ${inspect({ method, url, headers }, options)}`;
  }
}

let answerParts; // Response → { status, fields, count }

class Response extends Body {
  #status;
  #statusText;
  #type; // content type that nobody has overridden; the header list is made only when asked for
  #headers = null;

  static {
    answerParts = (response) => response.#parts();
  }

  static [Symbol.hasInstance](value) {
    return isInstance(Response, 'Response', value);
  }

  constructor(body, init) {
    const [payload, type] = payloadFrom(body);
    super(payload);
    this.#type = type;
    this.#status = 200;
    this.#statusText = '';
    if (init !== undefined && init !== null) {
      this.#apply(init, payload);
    }
  }

  #apply(init, payload) {
    const status = init.status === undefined ? 200 : Number(init.status);
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new RangeError(`Response status must be 200 to 599, not ${String(init.status)}`);
    }
    if (payload !== null && NULL_BODY.has(status)) {
      throw new TypeError(`Response with status ${status} cannot have body`);
    }
    this.#status = status;
    this.#statusText = init.statusText === undefined ? '' : String(init.statusText);
    if (init.headers !== undefined && init.headers !== null) {
      const type = this.#type;
      this.#headers = new Headers(init.headers);
      if (type !== null && !this.#headers.has('content-type')) {
        this.#headers.append('content-type', type);
      }
    }
  }

  static json(data, init) {
    const text = JSON.stringify(data);
    if (text === undefined) {
      throw new TypeError('Response.json: the value cannot be written as JSON');
    }
    const response = new Response(text);
    response.#type = JSON_TYPE;
    if (init !== undefined && init !== null) {
      response.#apply(init, text);
    }
    return response;
  }

  static redirect(url, status = 302) {
    if (!REDIRECTS.has(status)) {
      throw new RangeError(`Response.redirect: ${status} is not a redirect status`);
    }
    // Fetch wants an absolute URL; a path is fine for HTTP (RFC 9110 §10.2.2) and common in functions.
    return new Response(null, { status, headers: { location: String(url) } });
  }

  static error() {
    return new Response(null, { status: 500 });
  }

  get status() {
    return this.#status;
  }

  get statusText() {
    return this.#statusText;
  }

  get ok() {
    return this.#status < 300;
  }

  get type() {
    return 'default';
  }

  get url() {
    return '';
  }

  get redirected() {
    return false;
  }

  get headers() {
    this.#headers ??= headersOf(this.#type === null ? [] : ['content-type', this.#type]);
    return this.#headers;
  }

  clone() {
    const copy = new Response(this._split());
    copy.#status = this.#status;
    copy.#statusText = this.#statusText;
    copy.#headers = new Headers(this.headers);
    return copy;
  }

  #parts() {
    if (this.#headers === null) {
      const known = this.#type === null ? NO_FIELDS : KNOWN_TYPES.get(this.#type);
      if (known !== undefined) {
        return { status: this.#status, ...known };
      }
    }
    return { status: this.#status, ...fieldsOf(listOf(this.headers)) };
  }

  get [Symbol.toStringTag]() {
    return 'Response';
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    const { status, headers } = this;
    return `Response ${inspect({ status, headers }, options)}`;
  }
}

function fieldsOf(list) {
  const kept = [];
  for (let i = 0; i < list.length; i += 2) {
    if (!HOP_BY_HOP.has(list[i])) {
      kept.push(list[i], list[i + 1]);
    }
  }
  return { fields: encodeFields(kept), count: kept.length / 2 };
}

// Most answers have no header but the content type that goes with their body.
const NO_FIELDS = fieldsOf([]);
const KNOWN_TYPES = new Map([TEXT, JSON_TYPE].map((type) => [type, fieldsOf(['content-type', type])]));

/** Node's fetch, for requests of the class above. */
async function fetch(input, init) {
  if (typeof input === 'object' && Object.prototype.isPrototypeOf.call(Request.prototype, input)) {
    const { url, method, headers, signal } = input;
    const body = method === 'GET' || method === 'HEAD' ? undefined : await input.bytes();
    return native('fetch')(url, { method, headers: [...headers], signal, body, ...init });
  }
  return native('fetch')(input, init);
}

/** Puts the classes where functions expect them; the returned function takes them away again. */
function install() {
  const before = Object.getOwnPropertyDescriptors(globalThis);
  const classes = { Headers, Request, Response, fetch };
  for (const [name, value] of Object.entries(classes)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
  return () => {
    for (const name of Object.keys(classes)) {
      Object.defineProperty(globalThis, name, before[name]);
    }
  };
}

function requestOf(invocation) {
  return new Request(invocation, FROM_INVOCATION);
}

module.exports = { Response, OutputTooLarge, answerParts, gather, install, requestOf, takePayload };
