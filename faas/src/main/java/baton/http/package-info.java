/// HTTP/1.1 as RFC 9112 has it: one request parser, one body decoder and one response writer, used by
/// gateway, worker and control plane alike; and CGI/1.1 (RFC 3875), by which a function sees a request and
/// says what its response is.
///
/// Threads: nothing here is shared between threads but [Router]. Imports: `function`.
@NullMarked
package baton.http;

import org.jspecify.annotations.NullMarked;
