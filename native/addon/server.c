#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "descriptors.h"
#include "engine.h"
#include "protocol.h"
#include "signals.h"

/* Spares waiting at a time; the words of that many fit one page. */
#define SLOTS 64
/* A refill competes with the call that made it necessary for two cores and for the page tables: it waits this
 * long while a spare is left, or nobody is waiting (docs/fork.md has the measurement). */
#define REFILL_DELAY_MS 8
/* How long the server looks away from its calls for work that can wait. */
#define SETTLE_MS 2
/* An accept backlog beyond what any machine fills; the kernel cuts it to net.core.somaxconn. */
#define BACKLOG 4096

struct slot {
    pid_t monitor; /* 0: unused */
    uint32_t generation;
};

static struct {
    struct server_options options;
    int leash_read, leash_write;
    int wake;
    int words_memory;
    _Atomic uint32_t *words;
    struct slot slots[SLOTS];
    pid_t *calls; /* monitors whose executor has taken a call */
    size_t call_count, call_room;
    bool first_call_pending;
    bool refill_waits;
    bool woken;   /* by an executor: perhaps because it found itself stale */
    bool settled; /* the staleness store has nothing left to do in idle moments */
    long long refill_due_ms, last_activity_ms;
} server;

struct spare server_spare;

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool make_shared_state(void);

const char *server_start(const struct server_options *options) {
    server.options = *options;
    server.first_call_pending = true;
    server.last_activity_ms = now_ms();
    if (server.options.spares < 1) server.options.spares = 1;
    if (server.options.spares > SLOTS - 1) server.options.spares = SLOTS - 1;
    if (!make_shared_state()) return "cannot make the memory and pipes that spares share";
    /* The kernel renews the listener's credentials here, so that a waiting client can tell which process is
     * the server. */
    if (listen(options->listener, BACKLOG) < 0) return "cannot listen on the socket it was given";
    int flags = fcntl(options->listener, F_GETFL);
    if (flags < 0 || fcntl(options->listener, F_SETFL, flags & ~O_NONBLOCK) < 0)
        return "cannot make its socket blocking";
    if (descriptors_let_go_of_caller() < 0) return "cannot let go of the first caller's descriptors";
    /* It fails where a launcher made setup a group leader (none does): then the group is ours already. */
    if (setsid() < 0 && getpgrp() != getpid()) return "cannot leave the caller's session";
    signals_put_away(server.wake);
    return NULL;
}

static bool make_shared_state(void) {
    int leash[2];
    if (pipe2(leash, O_CLOEXEC) < 0) return false;
    server.leash_read = descriptor_move_up(leash[0]);
    server.leash_write = descriptor_move_up(leash[1]);
    server.wake = descriptor_move_up(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    server.words_memory = descriptor_move_up(memfd_create("prefork-interp-spares", MFD_CLOEXEC));
    if (server.leash_read < 0 || server.leash_write < 0 || server.wake < 0 || server.words_memory < 0)
        return false;
    if (ftruncate(server.words_memory, SLOTS * sizeof(uint32_t)) < 0) return false;
    void *words =
        mmap(NULL, SLOTS * sizeof(uint32_t), PROT_READ | PROT_WRITE, MAP_SHARED, server.words_memory, 0);
    server.words = words;
    return words != MAP_FAILED;
}

void server_wake(void) {
    uint64_t one = 1;
    /* It can only fail when it is already as awake as can be. */
    while (write(server.wake, &one, sizeof one) < 0 && errno == EINTR)
        continue;
}

bool server_take_spare(void) {
    uint32_t idle = PFI_SPARE_WORD(server_spare.generation, PFI_SPARE_IDLE);
    uint32_t taken = PFI_SPARE_WORD(server_spare.generation, PFI_SPARE_TAKEN);
    _Atomic uint32_t *word = (_Atomic uint32_t *)server_spare.word;
    return atomic_compare_exchange_strong(word, &idle, taken);
}

static void reap_monitors(void);
static void count_taken(void);
static bool must_leave(void);
static void leave(void) __attribute__((noreturn));
static bool wants_spare(void);
static enum fork_side fork_spare(void);
static void wait_for_event(void);

enum server_event server_run(void) {
    for (;;) {
        reap_monitors();
        count_taken();
        if (must_leave()) leave();
        if (!wants_spare()) {
            wait_for_event();
            continue;
        }
        if (!engine_quiesce(QUIESCE_MS)) return SERVER_BUSY;
        if (fork_spare() == FORK_EXECUTOR) return SERVER_EXECUTOR;
    }
}

static struct slot *slot_of(pid_t monitor) {
    for (int i = 0; i < SLOTS; i++) {
        if (server.slots[i].monitor == monitor) return &server.slots[i];
    }
    return NULL;
}

static void reap_monitors(void) {
    pid_t pid;
    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
        struct slot *slot = slot_of(pid);
        if (slot) {
            server.words[slot - server.slots] = PFI_SPARE_WORD(slot->generation, PFI_SPARE_FREE);
            slot->monitor = 0;
        }
        for (size_t i = 0; i < server.call_count; i++) {
            if (server.calls[i] != pid) continue;
            server.calls[i] = server.calls[--server.call_count];
            server.last_activity_ms = now_ms();
            break;
        }
    }
}

static void add_call(pid_t monitor) {
    if (server.call_count == server.call_room) {
        size_t room = server.call_room ? server.call_room * 2 : 64;
        pid_t *more = realloc(server.calls, room * sizeof *more);
        if (!more) return; /* it is merely not counted against maxCalls */
        server.calls = more;
        server.call_room = room;
    }
    server.calls[server.call_count++] = monitor;
}

static int idle_spares(void) {
    int idle = 0;
    for (int i = 0; i < SLOTS; i++)
        idle += server.slots[i].monitor != 0;
    return idle;
}

static void count_taken(void) {
    for (int i = 0; i < SLOTS; i++) {
        struct slot *slot = &server.slots[i];
        if (!slot->monitor || server.words[i] != PFI_SPARE_WORD(slot->generation, PFI_SPARE_TAKEN)) continue;
        add_call(slot->monitor);
        slot->monitor = 0;
        server.last_activity_ms = now_ms();
        server.refill_waits = true;
        server.refill_due_ms = server.last_activity_ms + REFILL_DELAY_MS;
    }
}

static bool readable(int descriptor) {
    struct pollfd one = {.fd = descriptor, .events = POLLIN};
    return descriptor >= 0 && poll(&one, 1, 0) > 0;
}

static bool must_leave(void) {
    const char *path;
    if (server.first_call_pending) return false;
    if (readable(server.options.watcher_error)) return true;
    if (stale_verdict(server.options.stale, &path) != STALE_FRESH) return true;
    bool asked = server.woken || readable(stale_descriptor(server.options.stale));
    server.woken = false;
    if (asked && stale_drain(server.options.stale, &path) != STALE_FRESH) return true;
    if (server.options.idle_seconds <= 0 || server.call_count > 0) return false;
    return (double)(now_ms() - server.last_activity_ms) >= server.options.idle_seconds * 1000;
}

static bool room_for_spare(void) {
    int idle = idle_spares();
    if (idle >= server.options.spares) return false;
    return server.options.max_calls == 0 ||
           server.call_count + (size_t)idle < (size_t)server.options.max_calls;
}

static bool wants_spare(void) {
    if (server.first_call_pending) return true;
    if (!room_for_spare()) return false;
    if (!server.refill_waits || now_ms() >= server.refill_due_ms) return true;
    return idle_spares() == 0 && readable(server.options.listener);
}

static int free_slot(void) {
    for (int i = 0; i < SLOTS; i++) {
        if (!server.slots[i].monitor) return i;
    }
    return -1;
}

static void become_spare(int slot, int private);

/* In the process that becomes the monitor: its descriptors are its own already, its memory is still the
 * server's. */
static void let_monitor_inherit(void *context) {
    const int *inherited = context;
    for (int i = 0; i < 3; i++)
        fcntl(inherited[i], F_SETFD, 0);
}

static enum fork_side fork_spare(void) {
    static uint32_t generation;
    int slot = free_slot(), pair[2];
    if (slot < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) return FORK_FAILED;
    pair[0] = descriptor_move_up(pair[0]);
    pair[1] = descriptor_move_up(pair[1]);
    generation = (generation + 1) & 0x3fffffff;
    char numbers[5][12], executor[12];
    const int values[] = {pair[1], server.leash_read, server.words_memory, slot, (int)generation};
    for (int i = 0; i < 5; i++)
        snprintf(numbers[i], sizeof numbers[i], "%d", values[i]);
    char name[] = "prefork-interp-monitor";
    char *arguments[] = {name,       numbers[0], numbers[1], numbers[2],
                         numbers[3], numbers[4], executor,   (char *)(uintptr_t)server.options.script,
                         NULL};
    char *environment[] = {NULL};
    int inherited[] = {pair[1], server.leash_read, server.words_memory};
    struct fork_plan plan = {
        .monitor_program = server.options.monitor_program,
        .monitor_argv = arguments,
        .monitor_envp = environment,
        .executor_pid_slot = executor,
        .before_monitor = let_monitor_inherit,
        .context = inherited,
    };
    bool first = server.first_call_pending;
    atomic_store(&server.words[slot], PFI_SPARE_WORD(generation, PFI_SPARE_IDLE));
    server.slots[slot].generation = generation;
    pid_t monitor, executor_pid;
    enum fork_side side = engine_fork(&plan, &monitor, &executor_pid);
    if (side == FORK_EXECUTOR) {
        close(pair[1]);
        become_spare(slot, pair[0]);
        return side;
    }
    engine_resume();
    close(pair[0]);
    close(pair[1]);
    if (side == FORK_FAILED) {
        /* Out of processes or memory: the next event or half a second decides again; callers wait or run
         * plainly. */
        server.refill_waits = true;
        server.refill_due_ms = now_ms() + 500;
        return side;
    }
    server.slots[slot].monitor = monitor;
    if (first) {
        server.first_call_pending = false;
        server.refill_waits = true;
        server.refill_due_ms = now_ms() + REFILL_DELAY_MS;
        close(server.options.first_call);
        server.options.first_call = -1;
    }
    return side;
}

static void become_spare(int slot, int private) {
    close(server.leash_read);
    close(server.leash_write);
    close(server.words_memory);
    if (server.options.watcher_in >= 0) close(server.options.watcher_in);
    if (server.options.watcher_error >= 0) close(server.options.watcher_error);
    close(server.options.monitor_program);
    server_spare = (struct spare){
        .private = private,
        .connection = server.first_call_pending ? server.options.first_call : -1,
        .listener = server.options.listener,
        .wake = server.wake,
        .word = (uint32_t *)&server.words[slot],
        .generation = server.slots[slot].generation,
        .extended = server.options.extended,
        .stale = server.options.stale,
    };
    if (!server.first_call_pending && server.options.first_call >= 0) close(server.options.first_call);
}

static int time_to_wait(void) {
    long long now = now_ms(), left = -1;
    if (server.refill_waits && room_for_spare()) left = server.refill_due_ms - now;
    if (server.options.idle_seconds > 0 && server.call_count == 0) {
        long long idle = server.last_activity_ms + (long long)(server.options.idle_seconds * 1000) - now;
        if (left < 0 || idle < left) left = idle;
        if (left < 0) left = 0;
    }
    return left > 0x7fffffff ? 0x7fffffff : (int)left;
}

static void wait_for_event(void) {
    struct pollfd events[] = {
        {.fd = server.wake, .events = POLLIN},
        {.fd = server.options.watcher_error, .events = POLLIN},
        {.fd = stale_descriptor(server.options.stale), .events = POLLIN},
        {.fd = idle_spares() == 0 && room_for_spare() ? server.options.listener : -1, .events = POLLIN},
    };
    uint64_t count;
    while (!server.settled && poll(events, 4, 0) == 0)
        server.settled = stale_settle(server.options.stale, SETTLE_MS);
    poll(events, 4, time_to_wait());
    server.woken = events[0].revents != 0;
    if (events[0].revents) {
        while (read(server.wake, &count, sizeof count) < 0 && errno == EINTR)
            continue;
    }
    if (server.refill_waits && now_ms() >= server.refill_due_ms) server.refill_waits = false;
    if (events[0].revents && server.options.watcher_in >= 0) {
        /* The first call has been answered or is under way: the watcher may start now. */
        static bool hinted;
        if (!hinted && server.options.extended && write(server.options.watcher_in, "", 1) >= 0) hinted = true;
    }
}

/* Spares are claimed before they are ended: one that takes a call in this moment keeps it. Whoever waits in
 * the backlog sees end of file, which is the same to a client as no server. The script's exit handlers belong
 * to calls, so none runs here. */
static void leave(void) {
    for (int i = 0; i < SLOTS; i++) {
        struct slot *slot = &server.slots[i];
        uint32_t idle = PFI_SPARE_WORD(slot->generation, PFI_SPARE_IDLE);
        uint32_t dismissed = PFI_SPARE_WORD(slot->generation, PFI_SPARE_DISMISSED);
        if (slot->monitor && atomic_compare_exchange_strong(&server.words[i], &idle, dismissed))
            kill(slot->monitor, SIGTERM);
    }
    int flags = fcntl(server.options.listener, F_GETFL);
    fcntl(server.options.listener, F_SETFL, flags | O_NONBLOCK);
    int waiting;
    while ((waiting = accept(server.options.listener, NULL, NULL)) >= 0)
        close(waiting);
    _exit(0);
}
