// Burns processor time: as many rounds as the query string says, and answers how many microseconds it took.
// The rounds are counted, not the time, so that a caller who is preempted still does all of its work.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t micros(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int main(void) {
    const char *query = getenv("QUERY_STRING");
    long rounds = query ? strtol(query, NULL, 10) : 0;
    int64_t began = micros();
    volatile uint32_t kept = 0;
    uint32_t x = 2463534242u;
    for (long i = 0; i < rounds; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
    }
    kept = x;
    (void)kept;
    printf("%lld\n", (long long)(micros() - began));
    return 0;
}
