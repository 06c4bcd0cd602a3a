/// HTTP/1.1 as RFC 9112 has it: one request parser, one body decoder and one response writer, used by
/// gateway, worker and control plane alike.
@NullMarked
package baton.http;

import org.jspecify.annotations.NullMarked;
