// Answers with what it was given and shows that nothing of an earlier call is left: a counter that must be 1, and
// memory that must be zero. Its body begins with "ID ACTION NUMBER\n"; the rest comes back as it came.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char body[400000];
static char untouched[50000];
static int counter;

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(void) {
    size_t length = 0, count;
    while ((count = read(0, body + length, sizeof body - length)) > 0) {
        length += count;
    }
    char id[64], action[16];
    int number = 0;
    if (sscanf(body, "%63s %15s %d", id, action, &number) != 3) {
        return 9;
    }
    for (size_t i = 0; i < sizeof untouched; i++) {
        if (untouched[i] != 0) {
            return 8;
        }
    }
    memset(untouched, 1, sizeof untouched);
    if (strcmp(action, "spin") == 0) {
        long long end = now() + number * 1000LL;
        while (now() < end) {
        }
    } else if (strcmp(action, "sleep") == 0) {
        struct timespec t = {number / 1000000, number % 1000000 * 1000L};
        nanosleep(&t, NULL);
    } else if (strcmp(action, "trap") == 0) {
        __builtin_trap();
    } else if (strcmp(action, "exit") == 0) {
        return number;
    }
    printf("Content-Type: text/plain\nX-Id: %s\nX-Counter: %d\n\n", id, ++counter);
    if (strcmp(action, "large") == 0) {
        for (int i = 0; i < number; i++) {
            body[i] = 'a' + (i + (int) strlen(id)) % 26;
        }
        length = number;
    }
    fwrite(body, 1, length, stdout);
    return 0;
}
