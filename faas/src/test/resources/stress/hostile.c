// Does what a function must not be able to harm others with: the first word of its body says which.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *volatile kept; // so that the compiler does not leave the allocation out

static int deeper(int level) {
    volatile char frame[512];
    frame[level % 512] = (char) level;
    return deeper(level + 1) + frame[level % 512];
}

int main(void) {
    char action[16] = "";
    scanf("%15s", action);
    if (strcmp(action, "loop") == 0) {
        for (volatile int i = 0;; i++) {
        }
    } else if (strcmp(action, "flood") == 0) {
        for (;;) {
            puts("More and more and more and more and more of the same, until somebody says that it is enough.");
        }
    } else if (strcmp(action, "recurse") == 0) {
        return deeper(0);
    } else if (strcmp(action, "eat") == 0) {
        for (;;) {
            char *piece = malloc(1 << 20);
            if (piece == NULL) {
                abort();
            }
            memset(piece, 1, 1 << 20);
            kept = piece;
        }
    }
    return 0;
}
