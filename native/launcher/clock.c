#include "clock.h"

#include <time.h>

long long now_ms(void) {
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail with this clock */
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

void sleep_ms(long milliseconds) {
    struct timespec span = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
    nanosleep(&span, NULL); /* cut short by a signal: the caller looks at the clock anyway */
}
