package baton.host;

/// What an answer frame says about its invocation. The order is that of the numbers in the frames.
public enum HostAnswer {
    /// Not an answer: the first frame of a connection.
    HELLO,
    /// It went well; the body is the response body, or stdout of a script.
    OK,
    /// An exception that nobody caught; the body is the sentence that names it.
    ERROR,
    /// A script ended with another exit code than 0; the body is its stdout.
    EXIT,
    /// The response is larger than the request's frame allowed; the body is a sentence.
    OUTPUT_TOO_LARGE,
    /// A handler returned something that is no response; the body is a sentence.
    BAD_RESPONSE,
    /// Too many invocations wait in the host; the body is a sentence.
    BUSY
}
