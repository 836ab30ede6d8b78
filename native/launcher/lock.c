#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

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
static void wait_for_lock(struct call *call, int lock) {
    long pause = 1;
    while (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) give_up(call, strerror(errno));
        if (monotonic_ms() >= call->deadline) give_up_waiting(call);
        sleep_ms(pause);
        if (pause < 16) pause *= 2;
    }
}

/* Who held it before may have removed the file: then our lock locks nothing. */
static bool is_in_place(const struct call *call, int lock) {
    struct stat opened, named;
    return fstat(lock, &opened) == 0 &&
           fstatat(call->directory_fd, entry_name(call, 'l').text, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

int take_lock(struct call *call) {
    for (;;) {
        int lock = openat(call->directory_fd, entry_name(call, 'l').text,
                          O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
        if (lock < 0) give_up(call, strerror(errno));
        wait_for_lock(call, lock);
        if (is_in_place(call, lock)) return lock;
        close(lock);
    }
}

/* Not by closing alone: a child that has not yet closed its copy would hold it. */
void release_lock(int lock) {
    flock(lock, LOCK_UN);
    close(lock);
}
