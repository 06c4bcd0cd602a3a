'use strict';
// The CGI/1.1 variables of an invocation (RFC 3875 §4.1), as scripts in every language see them.

// Described by variables of their own, or no longer true of the body that the script reads.
const NOT_AS_HTTP = new Set(['content-type', 'content-length', 'transfer-encoding']);
// A client could set HTTP_PROXY, which many HTTP clients obey, by sending this header.
const NEVER = 'proxy';

const MAX_NAMES = 200;
const variableNames = new Map(); // header name → variable

/** @param base variables that are there anyway */
function environment(invocation, base) {
  const variables = {
    ...base,
    GATEWAY_INTERFACE: 'CGI/1.1',
    SERVER_SOFTWARE: 'Baton',
    SERVER_PROTOCOL: invocation.protocol,
    SERVER_NAME: '',
    SERVER_PORT: String(invocation.localPort),
    REQUEST_METHOD: invocation.method,
    REQUEST_URI: invocation.target,
    REQUEST_SCHEME: invocation.secure ? 'https' : 'http',
    SCRIPT_NAME: decoded(invocation.scriptName),
    PATH_INFO: decoded(invocation.pathInfo),
    QUERY_STRING: invocation.query,
    REMOTE_ADDR: invocation.remoteAddress,
  };
  if (invocation.secure) {
    variables.HTTPS = 'on';
  }
  if (invocation.requestId !== '') {
    variables.HTTP_X_REQUEST_ID = invocation.requestId;
  }
  const fields = invocation.fields();
  for (let i = 0; i < fields.length; i += 2) {
    put(variables, fields[i], fields[i + 1]);
  }
  variables.SERVER_NAME = serverName(variables.HTTP_HOST ?? '');
  const { bodyLength } = invocation;
  if (bodyLength > 0 || variables.CONTENT_LENGTH !== undefined) {
    variables.CONTENT_LENGTH = String(bodyLength);
  }
  return variables;
}

function put(variables, name, value) {
  if (name === 'content-type') {
    variables.CONTENT_TYPE = value;
  } else if (name === 'content-length') {
    variables.CONTENT_LENGTH = value;
  }
  if (NOT_AS_HTTP.has(name) || name === NEVER) {
    return;
  }
  const variable = variableFor(name);
  const before = variables[variable];
  variables[variable] = before === undefined || name === 'x-request-id' ? value
    : `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
}

function variableFor(name) {
  let variable = variableNames.get(name);
  if (variable === undefined) {
    variable = `HTTP_${name.toUpperCase().replaceAll('-', '_')}`;
    if (variableNames.size < MAX_NAMES) {
      variableNames.set(name, variable);
    }
  }
  return variable;
}

function serverName(host) {
  const name = host.replace(/:\d*$/, '');
  return name === '' ? 'localhost' : name;
}

/** Path without percent encoding; as it is when the encoding is not UTF-8. */
function decoded(path) {
  if (!path.includes('%')) {
    return path;
  }
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

module.exports = { environment };
