/* Behaves as the first line of stdin says; the rest of stdin is the act's own input. */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static int runs;
static unsigned char untouched[8192];
static volatile int sink;
static char *volatile last;

static int recurse(int depth) {
  volatile char frame[1024];
  frame[depth % 1024] = (char)depth;
  return recurse(depth + 1) + frame[(depth + 1) % 1024];
}

static void echo(void) {
  char buffer[4096];
  size_t count;
  while ((count = fread(buffer, 1, sizeof buffer, stdin)) > 0) {
    fwrite(buffer, 1, count, stdout);
  }
}

static void hog(void) {
  for (;;) {
    char *block = malloc(1 << 20);
    if (block == NULL) {
      fprintf(stderr, "no memory\n");
      exit(1);
    }
    memset(block, 7, 1 << 20);
    last = block; /* or the compiler leaves the block out */
  }
}

static void flood(void) {
  char line[1024];
  memset(line, 'x', sizeof line);
  for (;;) {
    write(1, line, sizeof line);
  }
}

static void fresh(void) {
  int dirty = 0;
  for (size_t i = 0; i < sizeof untouched; i++) {
    dirty |= untouched[i];
    untouched[i] = 0xff;
  }
  printf("run %d, %s", ++runs, dirty ? "dirty" : "clean");
}

static void far_pointer(void) {
  struct iovec_like {
    uint32_t base, length;
  } vector = {0xfffffff0u, 64};
  ssize_t written = write(1, (const void *)(uintptr_t)vector.base, vector.length);
  printf("%d %s", (int)written, errno == EFAULT ? "EFAULT" : strerror(errno));
}

static void clocks(void) {
  struct timespec a, b, real;
  clock_gettime(CLOCK_MONOTONIC, &a);
  usleep(20000);
  clock_gettime(CLOCK_MONOTONIC, &b);
  clock_gettime(CLOCK_REALTIME, &real);
  long slept = (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000;
  printf("%s %s", slept >= 20 ? "slept" : "woke early", real.tv_sec > 1700000000 ? "now" : "past");
}

static void random_bytes(void) {
  unsigned char bytes[16];
  getentropy(bytes, sizeof bytes);
  for (size_t i = 0; i < sizeof bytes; i++) {
    printf("%02x", bytes[i]);
  }
}

int main(int argc, char **argv) {
  char act[64] = "";
  if (fgets(act, sizeof act, stdin) == NULL) {
    return 90;
  }
  act[strcspn(act, "\n")] = 0;
  if (!strcmp(act, "echo")) {
    echo();
  } else if (!strncmp(act, "env ", 4)) {
    char *value = getenv(act + 4);
    printf("%s", value == NULL ? "(unset)" : value);
  } else if (!strcmp(act, "args")) {
    printf("%d %s", argc, argc == 1 ? argv[0] : "arguments");
    for (int i = 1; i < argc; i++) {
      printf(" %s", argv[i]);
    }
  } else if (!strncmp(act, "exit ", 5)) {
    return atoi(act + 5);
  } else if (!strcmp(act, "trap")) {
    __builtin_trap();
  } else if (!strcmp(act, "divide")) {
    volatile int zero = 0;
    sink = 100 / zero;
  } else if (!strcmp(act, "load")) {
    sink = *(volatile int *)0xfffffff0u;
  } else if (!strcmp(act, "loop")) {
    for (;;) {
      sink++;
    }
  } else if (!strcmp(act, "sleep")) {
    sleep(3600);
  } else if (!strcmp(act, "flood")) {
    flood();
  } else if (!strcmp(act, "hog")) {
    hog();
  } else if (!strcmp(act, "recurse")) {
    sink = recurse(0);
  } else if (!strcmp(act, "stderr")) {
    fputs("to the log", stderr);
    fputs("to the client", stdout);
  } else if (!strcmp(act, "chatter")) {
    for (int i = 0; i < 3000; i++) {
      fputs("0123456789", stderr);
    }
  } else if (!strcmp(act, "fresh")) {
    fresh();
  } else if (!strcmp(act, "pointer")) {
    far_pointer();
  } else if (!strcmp(act, "clocks")) {
    clocks();
  } else if (!strcmp(act, "random")) {
    random_bytes();
  } else {
    return 91;
  }
  return 0;
}
