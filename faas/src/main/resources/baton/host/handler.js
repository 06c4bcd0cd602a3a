'use strict';
// Runs a handler: many invocations at once, each answered when what the handler returned is settled.

const { KIND, MODE } = require('./frames.js');
const { Response, OutputTooLarge, answerParts, gather, requestOf, takePayload } = require('./fetch.js');
const { isInstance } = require('./headers.js');
const { details, sentence } = require('./output.js');

/** The handler returned something that is no response. */
class BadResponse extends Error {}

class HandlerRunner {
  #handler;
  #storage;
  #run = (invocation) => this.#call(invocation);

  /** @param storage AsyncLocalStorage that holds the invocation whose code runs */
  constructor(handler, storage) {
    this.#handler = handler;
    this.#storage = storage;
  }

  get mode() {
    return MODE.HANDLER;
  }

  accept(invocation) {
    this.#storage.run(invocation, this.#run, invocation);
  }

  #call(invocation) {
    let result;
    try {
      result = this.#handler(requestOf(invocation));
    } catch (error) {
      fail(invocation, error);
      return;
    }
    if (typeof result?.then === 'function') {
      result.then((value) => settle(invocation, value), (error) => fail(invocation, error));
    } else {
      settle(invocation, result);
    }
  }
}

function settle(invocation, value) {
  if (invocation.cancelled) {
    return;
  }
  try {
    const response = responseOf(value);
    const parts = answerParts(response);
    const payload = takePayload(response);
    if (payload === null || typeof payload === 'string' || Buffer.isBuffer(payload)) {
      send(invocation, parts, payload ?? '');
      return;
    }
    gather(payload, invocation.outputLimit).then(
      (bytes) => send(invocation, parts, bytes), (error) => fail(invocation, error));
  } catch (error) {
    fail(invocation, error instanceof BadResponse ? error : badResponse(error));
  }
}

function badResponse(error) {
  return new BadResponse(sentence(error), { cause: error });
}

/** What a handler may return instead of a Response: see docs of the package baton.host. */
function responseOf(value) {
  if (typeof value === 'object' && value !== null) {
    if (Object.prototype.isPrototypeOf.call(Response.prototype, value)) {
      return value;
    }
    if (isInstance(Response, 'Response', value)) {
      return new Response(value.body, { status: value.status, headers: value.headers });
    }
    if (isBody(value)) {
      return new Response(value);
    }
  }
  switch (typeof value) {
    case 'undefined':
      return new Response(null, { status: 204 });
    case 'string':
      return new Response(value);
    case 'object':
      return value === null ? new Response(null, { status: 204 }) : Response.json(value);
    case 'number':
    case 'boolean':
      return Response.json(value);
    default:
      throw new BadResponse(`the handler returned a ${typeof value}; return a Response, a string or an object`);
  }
}

function isBody(value) {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof URLSearchParams
    || value instanceof Blob || value instanceof ReadableStream || value instanceof FormData
    || typeof value[Symbol.asyncIterator] === 'function';
}

function send(invocation, parts, body) {
  const { outputLimit, connection } = invocation;
  if (body.length * 3 > outputLimit && Buffer.byteLength(body) > outputLimit) {
    tooLarge(invocation);
    return;
  }
  connection.answer(invocation, KIND.OK, body, parts);
}

function tooLarge(invocation) {
  invocation.connection.answer(invocation, KIND.OUTPUT_TOO_LARGE,
    `the response body is larger than ${invocation.outputLimit} bytes`);
}

function fail(invocation, error) {
  if (error instanceof OutputTooLarge) {
    tooLarge(invocation);
  } else if (error instanceof BadResponse) {
    invocation.logText(details(error.cause ?? error));
    invocation.connection.answer(invocation, KIND.BAD_RESPONSE, error.message);
  } else {
    invocation.logText(details(error));
    invocation.connection.answer(invocation, KIND.ERROR, sentence(error), { exit: 1 });
  }
}

module.exports = { HandlerRunner };
