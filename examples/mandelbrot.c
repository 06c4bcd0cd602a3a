// Draws the Mandelbrot set as a grey picture (PGM): work for the processor, no waiting.
//
//   ./baton deploy examples/mandelbrot.c
//   curl -o set.pgm 'http://127.0.0.1:8080/function/mandelbrot?400'
//
// The query is the width and height in pixels, 200 unless given.
#include <stdio.h>
#include <stdlib.h>

enum { SIZE_DEFAULT = 200, SIZE_LIMIT = 2000, ITERATIONS = 255 };

static int escape(double re, double im) {
    double x = 0;
    double y = 0;
    for (int i = 0; i < ITERATIONS; i++) {
        double square = x * x - y * y + re;
        y = 2 * x * y + im;
        x = square;
        if (x * x + y * y > 4) {
            return i;
        }
    }
    return ITERATIONS;
}

int main(void) {
    const char *query = getenv("QUERY_STRING");
    int size = query != NULL ? atoi(query) : 0;
    if (size <= 0 || size > SIZE_LIMIT) {
        size = SIZE_DEFAULT;
    }
    printf("Content-Type: image/x-portable-graymap\n\nP5\n%d %d\n255\n", size, size);
    for (int row = 0; row < size; row++) {
        for (int column = 0; column < size; column++) {
            double re = 3.0 * column / size - 2.25;
            double im = 3.0 * row / size - 1.5;
            putchar(ITERATIONS - escape(re, im));
        }
    }
    return 0;
}
