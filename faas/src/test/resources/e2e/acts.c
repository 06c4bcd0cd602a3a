/* Does what its query says: well-behaved and not so well-behaved things. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile int never = 0;
static char *volatile kept;

static int recurse(volatile char *above) {
    volatile char frame[512];
    frame[0] = above[0] + 1;
    return recurse(frame) + frame[0];
}

static void fill(long bytes) {
    char line[1024];
    memset(line, 'x', sizeof line);
    for (; bytes > 0; bytes -= (long) sizeof line) {
        fwrite(line, 1, bytes < (long) sizeof line ? (size_t) bytes : sizeof line, stdout);
    }
}

static long number(const char *query) {
    const char *equals = strchr(query, '=');
    return equals != NULL ? atol(equals + 1) : 0;
}

static int misbehave(const char *act) {
    if (strcmp(act, "trap") == 0) {
        __builtin_trap();
    }
    if (strcmp(act, "loop") == 0) {
        while (!never) {
        }
    }
    if (strcmp(act, "sleep") == 0) {
        for (;;) {
            sleep(3600);
        }
    }
    if (strcmp(act, "flood") == 0) {
        for (;;) {
            fill(1 << 20);
        }
    }
    if (strcmp(act, "hog") == 0) {
        for (;;) {
            char *block = malloc(1 << 20);
            if (block == NULL) {
                abort();
            }
            memset(block, 1, 1 << 20);
            kept = block;
        }
    }
    if (strcmp(act, "recurse") == 0) {
        volatile char first = 0;
        return recurse(&first);
    }
    if (strcmp(act, "exit") == 0) {
        fputs("before the exit\n", stdout);
        fputs("leaving with 3\n", stderr);
        exit(3);
    }
    return -1;
}

static int answer(const char *act) {
    if (strcmp(act, "teapot") == 0) {
        printf("Status: 418 I'm a teapot\r\nContent-Type: text/x-tea\r\nX-Kettle: on\r\n\r\nshort and stout\n");
    } else if (strcmp(act, "created") == 0) {
        printf("Status: 201 Created\nContent-Type: application/json\n\n{\"made\":1}");
    } else if (strcmp(act, "empty") == 0) {
        printf("Status: 204 No Content\n\n");
    } else if (strcmp(act, "badstatus") == 0) {
        printf("Status: many\n\nbody");
    } else if (strcmp(act, "elsewhere") == 0) {
        printf("Location: http://example.org/there\n\n");
    } else if (strcmp(act, "redirect") == 0) {
        printf("Location: /function/acts?teapot\n\n");
    } else if (strcmp(act, "circle") == 0) {
        printf("Location: /function/acts?circle\n\n");
    } else if (strncmp(act, "large", 5) == 0) {
        fill(number(act));
    } else if (strncmp(act, "wait", 4) == 0) {
        usleep((useconds_t) number(act) * 1000);
        puts("waited");
    } else if (strncmp(act, "stderr", 6) == 0) {
        fprintf(stderr, "to the log: %s\n", act);
        puts("logged");
    } else if (strcmp(act, "argv") == 0) {
        return -1;
    } else {
        printf("nothing known about '%s'\n", act);
    }
    return 0;
}

int main(int argc, char **argv) {
    const char *act = getenv("QUERY_STRING");
    act = act != NULL ? act : "";
    int ended = misbehave(act);
    if (ended >= 0) {
        return ended;
    }
    if (answer(act) < 0) {
        printf("%d %s\n", argc, argv[0]);
    }
    return 0;
}
