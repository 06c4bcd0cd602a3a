// Shows what a function sees: CGI variables in the environment, the request body on stdin.
//
//   ./baton deploy examples/echo.c
//   curl -d 'some text' 'http://127.0.0.1:8080/function/echo/a/b?c=d'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

int main(void) {
    char buffer[4096];
    size_t length;

    // A CGI header block at the start of the output sets status and headers (RFC 3875, section 6).
    printf("Content-Type: text/plain; charset=utf-8\n\n");
    for (char **variable = environ; *variable != NULL; variable++) {
        printf("%s\n", *variable);
    }
    printf("\n");
    while ((length = fread(buffer, 1, sizeof buffer, stdin)) > 0) {
        fwrite(buffer, 1, length, stdout);
    }
    return ferror(stdin) ? EXIT_FAILURE : EXIT_SUCCESS;
}
