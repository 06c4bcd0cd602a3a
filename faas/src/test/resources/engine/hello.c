/* The smallest function that uses the C library's stdout. */
#include <stdio.h>

int main(void) {
  puts("Hello from FAAS!");
  return 0;
}
