#include "reach.h"

#include <errno.h>
#include <fcntl.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "connect.h"
#include "denied.h"
#include "entry.h"
#include "ident.h"
#include "initialise.h"
#include "lock.h"
#include "marker.h"
#include "monotonic.h"
#include "obstacle.h"
#include "plain.h"
#include "rundir.h"
#include "say.h"
#include "settings.h"
#include "setup.h"
#include "shortage.h"
#include "tasks.h"
#include "tidy.h"

#define BACKLOG 4096
/* Servers that a call starts at most, where each loses the process that was to be the call. */
#define STARTS 3
#define BIND_TRIES 5
/* How long a server may take to leave, in steps of 20 ms, before the next has to go as well. */
#define RETIRED_LOOKS 25

static void remove_server(const struct call *call) {
    remove_entry(call, 's');
    remove_entry(call, 'u');
    remove_entry(call, 'i');
}

/* Made under a umask instead of changed afterwards: no moment in which others could connect. */
static bool bind_socket(const struct call *call, int listening) {
    mode_t before = umask(0177);
    int result = bind(listening, (const struct sockaddr *)&call->address, sizeof call->address);
    int reason = errno;
    umask(before);
    errno = reason;
    return result == 0;
}

noreturn static void give_up(struct call *call, int lock, const char *what) {
    int reason = errno;
    remove_entry(call, 's');
    release_lock(lock);
    run_plainly(call, "cannot %s: %s", what, strerror(reason));
}

/* Somebody may end the server (prefork stop, -f by name) before it has begun: then it is bound again. */
static void make_listener(struct call *call, int lock, struct gifts *gifts, struct stat *file) {
    for (int tries = 1;; tries++) {
        gifts->listening = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (gifts->listening < 0 || !bind_socket(call, gifts->listening))
            give_up(call, lock, "bind its socket");
        if (fstatat(call->directory_fd, entry_name(call, 's').text, file, AT_SYMLINK_NOFOLLOW) == 0) break;
        if (errno != ENOENT || tries == BIND_TRIES) give_up(call, lock, "find its socket");
        close(gifts->listening);
    }
    gifts->bound = file->st_mtim;
    if (listen(gifts->listening, BACKLOG) != 0) give_up(call, lock, "listen on its socket");
}

/* Ours alone must not keep them open: the server's end must show. */
static void close_gifts(const struct gifts *gifts) {
    close(gifts->listening);
    close(gifts->call);
    close(gifts->watcher.input);
    close(gifts->watcher.errors);
}

/* Idle servers use up what a user or a container may have, and then plain programs fail: those go first. */
static bool make_room_for_tasks(const struct call *call) {
    while (!has_room_for_tasks(call)) {
        if (!retire_one(call)) return false;
        say_debug("ended the server that had been idle longest: there are too few processes left");
        for (int looks = 0; looks < RETIRED_LOOKS && !has_room_for_tasks(call); looks++)
            nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
    return true;
}

static void check_shortage(struct call *call, int lock) {
    const char *denied = find_denied(), *shortage = denied ? NULL : find_shortage(call);
    if (!denied && !shortage && !make_room_for_tasks(call))
        shortage = "there are too few processes and threads left for a server (ulimit -u, pids.max)";
    if (!denied && !shortage) return;
    release_lock(lock);
    if (denied) run_plainly(call, "its sandbox forbids %s, which a server needs", denied);
    run_plainly(call, "%s", shortage);
}

/* Nothing of the call has run, and its server may be sound. */
static bool start_over(struct call *call, struct conversation *conversation) {
    say_debug("the first executor of %s ended before it had its call: looking again", script_name(call));
    close(conversation->fd);
    release_signals(&call->signals);
    return false;
}

/* Under the lock, with no server in place. False: it has become a server, but the process that was to be the
 * call has gone. Signals are caught before setup exists, so that none is lost on the way. */
static bool start_server(struct call *call, int lock, struct conversation *conversation) {
    check_shortage(call, lock);
    struct gifts gifts;
    struct stat file;
    int ends[2];
    entry_clear(call->directory_fd, entry_name(call, 's').text); /* what stays is in the way of bind */
    make_listener(call, lock, &gifts, &file);
    tidy(call);
    if (!start_watcher(call, &file, &gifts.watcher)) give_up(call, lock, "start the watcher of its socket");
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        give_up(call, lock, "make a socket pair");
    gifts.call = ends[1];
    conversation->fd = ends[0];
    conversation->server = 0;
    if (!catch_signals(&call->signals, true)) give_up(call, lock, "make a descriptor for signals");
    conversation->setup = start_setup(call, &gifts);
    if (conversation->setup < 0) give_up(call, lock, "start its initialisation");
    close_gifts(&gifts);
    bool greeted = await_initialisation(call, conversation);
    if (greeted && conversation->unforked) remove_entry(call, 's');
    struct entry_name taken = entry_name(call, 'l');
    if (rename_server(call)) unlinkat(call->directory_fd, taken.text, 0);
    release_lock(lock);
    return greeted || start_over(call, conversation);
}

static bool is_greeted(struct call *call, struct conversation *conversation) {
    if (read_greeting(call, conversation)) return true;
    close(conversation->fd);
    say_debug("the server of %s left without a word: looking again (prefork logs tells why it left)",
              script_name(call));
    return false;
}

/* A server that is there but does not greet is leaving: nothing has run, and the next look finds none. While
 * its executor wakes up there is time to put the request together. */
static bool try_server(struct call *call, struct conversation *conversation, struct request *request) {
    if (!connect_server(call, conversation)) return false;
    prepare_request(call, request);
    return is_greeted(call, conversation);
}

/* Who waited for the lock finds the server that its holder started. The lock is not kept while waiting for
 * the greeting: others wait for it to do the same. */
static bool try_server_locked(struct call *call, int lock, struct conversation *conversation, bool *gone) {
    *gone = !connect_server(call, conversation);
    if (*gone) return false;
    release_lock(lock);
    return is_greeted(call, conversation);
}

/* The lock of the name that the call's server has now: what was known before the wait may be too little. */
static int take_named_lock(struct call *call) {
    for (;;) {
        int lock = take_lock(call);
        struct entry_name taken = entry_name(call, 'l');
        if (!rename_server(call)) return lock;
        unlinkat(call->directory_fd, taken.text, 0); /* nobody needs it any more */
        release_lock(lock);
    }
}

static void start_or_share(struct call *call, struct conversation *conversation) {
    int started = 0;
    while (monotonic_ms() < call->deadline && started < STARTS) {
        bool gone;
        rename_server(call);
        check_marker(call);
        int lock = take_named_lock(call);
        if (try_server_locked(call, lock, conversation, &gone)) return;
        if (!gone) continue;
        check_marker(call);
        say_debug("starting a server for %s: there was none", script_name(call));
        explain_ident(call);
        started++;
        if (start_server(call, lock, conversation)) return;
    }
    run_plainly_this_time(call, "no server stayed long enough to answer");
}

static bool start_fresh(struct call *call, struct conversation *conversation) {
    int lock = take_named_lock(call);
    remove_server(call);
    say_debug("starting a server for %s: -f was given", script_name(call));
    explain_ident(call);
    call->options.fresh = false; /* by now it is: whoever starts over may have it */
    return start_server(call, lock, conversation);
}

void reach_executor(struct call *call, struct conversation *conversation, struct request *request) {
    call->deadline = monotonic_ms() + waiting_limit();
    if (!call->options.fresh && try_server(call, conversation, request)) return;
    prepare_request(call, request);
    check_script(call);
    check_observer(call);
    if (!call->options.fresh || !start_fresh(call, conversation)) start_or_share(call, conversation);
}

noreturn void end_server(struct call *call) {
    call->deadline = monotonic_ms() + waiting_limit();
    int lock = take_named_lock(call);
    remove_server(call);
    forget_looks(call);
    remove_entry(call, 'l');
    release_lock(lock);
    _exit(0);
}
