#include "spares.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "descriptors.h"
#include "protocol.h"

/* What a monitor is told in its arguments: docs/protocol.md. */
enum { PRIVATE, LEASH, WORDS, INDEX, GENERATION, NUMBERS };

struct slot {
    pid_t monitor; /* 0: unused */
    pid_t executor;
    uint32_t generation;
};

static struct {
    int leash_read, leash_write; /* only the server holds the write end: its end of file is the server's */
    int wake;
    int memory;
    _Atomic uint32_t *words;
    struct slot slots[SPARES_MAX];
} spares = {.wake = -1};

/* In an executor. */
static struct {
    int private;
    int index;
} self = {.private = -1};

bool spares_open(void) {
    int leash[2];
    if (pipe2(leash, O_CLOEXEC) < 0) return false;
    spares.leash_read = descriptor_move_up(leash[0]);
    spares.leash_write = descriptor_move_up(leash[1]);
    spares.wake = descriptor_move_up(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    spares.memory = descriptor_move_up(memfd_create("prefork-interp-spares", MFD_CLOEXEC));
    if (spares.leash_read < 0 || spares.leash_write < 0 || spares.wake < 0 || spares.memory < 0) return false;
    size_t size = SPARES_MAX * sizeof(uint32_t);
    if (ftruncate(spares.memory, (off_t)size) < 0) return false;
    void *words = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, spares.memory, 0);
    spares.words = words;
    return words != MAP_FAILED;
}

int spares_wake_descriptor(void) {
    return spares.wake;
}

void spares_wake(void) {
    uint64_t one = 1;
    /* It can only fail when the server is as awake as can be. */
    while (write(spares.wake, &one, sizeof one) < 0 && errno == EINTR)
        continue;
}

static bool is(int index, uint32_t state) {
    return spares.words[index] == PFI_SPARE_WORD(spares.slots[index].generation, state);
}

static bool change_from_idle(int index, uint32_t state) {
    uint32_t generation = spares.slots[index].generation;
    uint32_t idle = PFI_SPARE_WORD(generation, PFI_SPARE_IDLE);
    return atomic_compare_exchange_strong(&spares.words[index], &idle, PFI_SPARE_WORD(generation, state));
}

static int prepare_slot(bool has_call);
static enum fork_side fork_pair_for(int index, int monitor_program, const char *script, const int pair[2]);
static void become_spare(int index, int private);

enum fork_side spares_fork(int monitor_program, const char *script, bool has_call) {
    int index = prepare_slot(has_call), pair[2];
    if (index < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) return FORK_FAILED;
    for (int i = 0; i < 2; i++)
        pair[i] = descriptor_move_up(pair[i]);
    bool moved = pair[0] >= 0 && pair[1] >= 0;
    enum fork_side side = moved ? fork_pair_for(index, monitor_program, script, pair) : FORK_FAILED;
    int error = errno;
    close(pair[1]);
    if (side == FORK_EXECUTOR)
        become_spare(index, pair[0]);
    else
        close(pair[0]);
    errno = error;
    return side;
}

static int prepare_slot(bool has_call) {
    static uint32_t generation;
    uint32_t state = has_call ? PFI_SPARE_TAKEN : PFI_SPARE_IDLE;
    for (int i = 0; i < SPARES_MAX; i++) {
        if (spares.slots[i].monitor) continue;
        generation = (generation + 1) & 0x3fffffff;
        spares.slots[i].generation = generation;
        spares.words[i] = PFI_SPARE_WORD(generation, state);
        return i;
    }
    errno = EAGAIN;
    return -1;
}

/* In the process that becomes the monitor: its descriptors are its own already, its memory is still the
 * server's. */
static void let_monitor_inherit(void *context) {
    const int *numbers = context;
    for (int i = PRIVATE; i <= WORDS; i++)
        fcntl(numbers[i], F_SETFD, 0);
}

static enum fork_side fork_pair_for(int index, int monitor_program, const char *script, const int pair[2]) {
    int numbers[NUMBERS] = {pair[1], spares.leash_read, spares.memory, index,
                            (int)spares.slots[index].generation};
    char texts[NUMBERS][12], executor[12], name[] = "prefork-interp-monitor";
    char *environment[] = {NULL};
    char *arguments[NUMBERS + 4] = {name};
    for (int i = 0; i < NUMBERS; i++) {
        snprintf(texts[i], sizeof texts[i], "%d", numbers[i]);
        arguments[i + 1] = texts[i];
    }
    arguments[NUMBERS + 1] = executor;
    arguments[NUMBERS + 2] = (char *)(uintptr_t)script;
    struct fork_plan plan = {
        .monitor_program = monitor_program,
        .monitor_argv = arguments,
        .monitor_envp = environment,
        .executor_pid_slot = executor,
        .before_monitor = let_monitor_inherit,
        .context = numbers,
    };
    pid_t monitor, executor_pid;
    enum fork_side side = engine_fork(&plan, &monitor, &executor_pid);
    if (side == FORK_SERVER) {
        spares.slots[index].monitor = monitor;
        spares.slots[index].executor = executor_pid;
    }
    return side;
}

static void become_spare(int index, int private) {
    self.private = private;
    self.index = index;
    close(spares.leash_read);
    close(spares.leash_write);
    close(spares.memory);
}

int spares_waiting(void) {
    int waiting = 0;
    for (int i = 0; i < SPARES_MAX; i++)
        waiting += spares.slots[i].monitor != 0;
    return waiting;
}

void spares_collect_taken(void (*taken)(pid_t monitor, pid_t executor)) {
    for (int i = 0; i < SPARES_MAX; i++) {
        if (!spares.slots[i].monitor || !is(i, PFI_SPARE_TAKEN)) continue;
        taken(spares.slots[i].monitor, spares.slots[i].executor);
        spares.slots[i].monitor = 0;
    }
}

bool spares_lost(pid_t monitor, pid_t *executor) {
    for (int i = 0; i < SPARES_MAX; i++) {
        if (spares.slots[i].monitor != monitor) continue;
        *executor = spares.slots[i].executor;
        spares.slots[i].monitor = 0;
        return is(i, PFI_SPARE_IDLE);
    }
    return false;
}

void spares_dismiss(int keep) {
    for (int i = 0; i < SPARES_MAX; i++) {
        if (!spares.slots[i].monitor || !is(i, PFI_SPARE_IDLE) || keep-- > 0) continue;
        if (change_from_idle(i, PFI_SPARE_DISMISSED)) kill(spares.slots[i].monitor, SIGTERM);
    }
}

bool spare_take(void) {
    return change_from_idle(self.index, PFI_SPARE_TAKEN);
}

int spare_private(void) {
    return self.private;
}
