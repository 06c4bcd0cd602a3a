/* Tells how long its input is and what its bytes add up to. */
#include <stdio.h>

int main(void) {
    unsigned long length = 0;
    unsigned long sum = 0;
    for (int octet = getchar(); octet != EOF; octet = getchar()) {
        length++;
        sum += (unsigned long) octet;
    }
    printf("%lu %lu\n", length, sum);
    return 0;
}
