/// Language hosts: warm processes that run one function each in its own language, and the frames spoken with
/// them. The program that runs in the process lies beside, in JavaScript.
///
/// Threads: writers and readers belong to the worker's leader. Imports: `posix`, for the buffer that is
/// written.
///
/// A host listens on a Unix stream socket; each worker has one connection to it and may have many invocations
/// under way on it. All numbers are little endian; text is ISO 8859-1 unless said otherwise. Every frame
/// begins with the number of bytes that follow that number. The first frame that a host sends on a
/// connection is HELLO.
///
/// ```
/// worker → host, REQUEST                      worker → host, CANCEL: nobody waits any more
///  0 u32 length of what follows                0 u32 8
///  4 u8  1                                     4 u8  2, then three bytes 0
///  5 u8  flags: 1 TLS, 2 HTTP/1.1              8 u32 id
///  6 u16 local port
///  8 u32 id of the invocation                 host → worker
/// 12 u32 milliseconds until the deadline       0 u32 length of what follows
/// 16 u32 largest response body                 4 u32 id of the invocation; HELLO: 0
/// 20 u16 method from, 22 to                    8 u8  ordinal of HostAnswer
/// 24 u16 target from, 26 to                    9 u8  HELLO: 1 handler, 2 script, 3 broken
/// 28 u16 path from                            10 u16 status; HELLO: version
/// 30 u16 where PATH_INFO begins               12 i32 exit code; HELLO: process id
/// 32 u16 path to; the query follows           16 u16 number of header fields, then u16 0
/// 34 u16 number of header fields              20 u32 bytes of header fields
/// 36 u16 bytes of the client's address        24 u32 bytes of stderr
/// 38 u16 bytes of the request id              28 u32 bytes of stderr that were dropped
/// 40 u32 bytes of the head                    32 header fields: u16 name length,
/// 44 per field 4 × u16: name from, to,              u16 value length, name, value
///       value from, to                           stderr, UTF-8 by custom
///    head, address, request id, body             body
/// ```
///
/// "From" and "to" are offsets in the head, which is the request's own, from the request line to the empty
/// line. The body of an answer other than OK and EXIT is one sentence in UTF-8.
///
/// Handlers get a Fetch `Request` and return, or promise, a `Response`, a string, bytes, a stream, something
/// that can be written as JSON, or nothing (204). Scripts print. How the host tells them apart is said in
/// `load.js`.
@NullMarked
package baton.host;

import org.jspecify.annotations.NullMarked;
