// Deployed many times, each time with another number in place of NUMBER, so that no artifact is met twice.
#include <stdio.h>

int main(void) {
    puts("Hello, number NUMBER!");
    return 0;
}
