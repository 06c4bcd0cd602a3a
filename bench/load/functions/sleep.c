// Waits 50 ms without using the processor.
#include <stdio.h>
#include <time.h>

int main(void) {
    struct timespec pause = {0, 50 * 1000 * 1000};
    nanosleep(&pause, NULL);
    puts("slept");
    return 0;
}
