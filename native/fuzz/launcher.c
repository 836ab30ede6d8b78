/* What the launcher's parsers say and do when they give up: the words are put together, nothing is written.
 */
#include <stdarg.h>
#include <stdio.h>

#include "harness.h"
#include "plain.h"
#include "say.h"

static void put_together(const char *format, va_list arguments) {
    char line[2048];
    vsnprintf(line, sizeof line, format, arguments);
}

void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    put_together(format, arguments);
    va_end(arguments);
    fuzz_leave();
}

void run_plainly(struct call *call, const char *format, ...) {
    va_list arguments;
    (void)call;
    va_start(arguments, format);
    put_together(format, arguments);
    va_end(arguments);
    fuzz_leave();
}

void run_plainly_silently(struct call *call, const char *why) {
    (void)call;
    (void)why;
    fuzz_leave();
}
