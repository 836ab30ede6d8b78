#include "lock.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "entry.h"
#include "monotonic.h"
#include "plain.h"
#include "rundir.h"
#include "say.h"
#include "settings.h"

static const char cannot_lock[] = "cannot lock %s/%s: %s";

noreturn static void give_up(struct call *call, const char *why) {
    struct entry_name name = entry_name(call, 'l');
    if (call->options.kill) die(cannot_lock, call->directory, name.text, why);
    run_plainly(call, cannot_lock, call->directory, name.text, why);
}

noreturn static void give_up_waiting(struct call *call) {
    const char *why = "another call has been starting its server for too long";
    struct entry_name name = entry_name(call, 'l');
    if (call->options.kill) die(cannot_lock, call->directory, name.text, why);
    run_plainly_this_time(call, cannot_lock, call->directory, name.text, why);
}

static void sleep_ms(long milliseconds) {
    struct timespec span = {.tv_nsec = milliseconds * 1000000};
    nanosleep(&span, NULL); /* cut short by a signal: the caller looks at the clock anyway */
}

/* Asked again and again, ever more slowly, instead of by alarm: a caller's own alarm outlives exec and stays
 * his. */
int take_lock(struct call *call) {
    struct entry_name name = entry_name(call, 'l');
    for (long pause = 1;; pause = pause < 16 ? pause * 2 : pause) {
        int lock = entry_lock(call->directory_fd, name.text);
        if (lock >= 0) return lock;
        if (errno != EWOULDBLOCK && errno != EINTR) give_up(call, strerror(errno));
        if (monotonic_ms() >= call->deadline) give_up_waiting(call);
        sleep_ms(pause);
    }
}

void release_lock(int lock) {
    entry_unlock(lock);
}
