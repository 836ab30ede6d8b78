#include "fork.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK_SIZE ((size_t)256 << 10)

/* Shared by the server and, until it executes the monitor program, its clone. */
struct birth {
    const struct fork_plan *plan;
    jmp_buf executor_returns;
    pid_t monitor, executor;
    int error;
};

static char *maps;
static size_t maps_size = (size_t)256 << 10;

/* Reads the whole list before anything is changed: madvise merges and splits what is being listed. */
static ssize_t read_maps(void) {
    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    size_t used = 0;
    if (fd < 0) return -1;
    for (;;) {
        if (!maps || maps_size - used < 8192) {
            size_t size = maps ? maps_size * 2 : maps_size;
            char *larger = realloc(maps, size);
            if (!larger) break;
            maps = larger;
            maps_size = size;
        }
        ssize_t got = read(fd, maps + used, maps_size - used - 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) break;
        if (got == 0) {
            close(fd);
            maps[used] = '\0';
            return (ssize_t)used;
        }
        used += (size_t)got;
    }
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

/* "START-END PERMS OFFSET DEVICE INODE NAME": private, of no file, and not the kernel's own ([stack], [vdso],
 * ...). */
static bool is_private_anonymous(const char *after_range) {
    if (after_range[4] != 'p') return false;
    const char *field = after_range + 1;
    for (int i = 0; i < 3; i++) {
        field = strchr(field, ' ');
        if (!field) return false;
        field++;
    }
    if (strncmp(field, "0", 1) != 0) return false;
    const char *name = field + 1 + strspn(field + 1, " ");
    return *name == '\n' || strncmp(name, "[heap]", 6) == 0 || strncmp(name, "[anon", 5) == 0;
}

bool fork_sees_io_uring(void) {
    return read_maps() >= 0 && strstr(maps, "[io_uring]");
}

/* V8 marks its heap "do not copy on fork". */
static bool let_everything_be_copied(void) {
    if (read_maps() < 0) return false;
    for (char *line = maps; *line;) {
        char *rest;
        uintptr_t start = strtoull(line, &rest, 16);
        uintptr_t end = strtoull(rest + 1, &rest, 16);
        char *next = strchr(line, '\n');
        if (!next) break;
        if (is_private_anonymous(rest)) madvise((void *)start, end - start, MADV_DOFORK);
        line = next + 1;
    }
    return true;
}

static void write_decimal(char *slot, pid_t pid) {
    char digits[12];
    int i = 0;
    for (; pid > 0; pid /= 10)
        digits[i++] = (char)('0' + pid % 10);
    while (i > 0)
        *slot++ = digits[--i];
    *slot = '\0';
}

static _Noreturn void give_up(struct birth *birth, pid_t executor) {
    birth->error = errno;
    if (executor > 0) {
        kill(executor, SIGKILL);
        while (waitpid(executor, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    _exit(127);
}

/* Runs on a stack of its own in the server's memory, while the server's main thread stands still. */
static int make_executor_and_become_monitor(void *argument) {
    struct birth *birth = argument;
    const struct fork_plan *plan = birth->plan;
    birth->monitor = getpid();
    if (setsid() < 0) give_up(birth, 0);
    pid_t executor = fork();
    if (executor < 0) give_up(birth, 0);
    if (executor == 0) _longjmp(birth->executor_returns, 1);
    birth->executor = executor;
    setpgid(executor, executor);
    if (plan->executor_pid_slot) write_decimal(plan->executor_pid_slot, executor);
    if (plan->before_monitor) plan->before_monitor(plan->context);
    syscall(SYS_execveat, plan->monitor_program, "", plan->monitor_argv, plan->monitor_envp, AT_EMPTY_PATH);
    give_up(birth, executor);
}

/* A clone that shares memory has no restartable sequences, and its fork inherits that, while glibc goes on to
 * read the processor's number from an area the kernel no longer writes. */
static struct {
    bool looked_for;
    const ptrdiff_t *offset;
    const unsigned *size;
} sequences;

/* In the server: to look for a name touches pages that an executor would have to be given first. */
static void find_restartable_sequences(void) {
    if (sequences.looked_for) return;
    sequences.looked_for = true;
    sequences.offset = dlsym(RTLD_DEFAULT, "__rseq_offset");
    sequences.size = dlsym(RTLD_DEFAULT, "__rseq_size");
}

static void register_restartable_sequences(void) {
    const ptrdiff_t *offset = sequences.offset;
    const unsigned *size = sequences.size;
    if (!offset || !size || *size == 0) return;
#if defined(__x86_64__)
    const unsigned signature = 0x53053053;
    char *thread;
    __asm__("mov %%fs:0, %0" : "=r"(thread)); /* GCC before 11 has no __builtin_thread_pointer here */
#elif defined(__aarch64__)
    const unsigned signature = 0xd428bc00;
    char *thread = __builtin_thread_pointer();
#endif
#if defined(__x86_64__) || defined(__aarch64__)
    unsigned length = *size < 32 ? 32 : *size;
    syscall(SYS_rseq, thread + *offset, length, 0, signature);
#endif
}

/* The monitor may have died before the wish to die with it was uttered. */
static enum fork_side settle_executor(const struct birth *birth) {
    setpgid(0, 0);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != birth->monitor) _exit(127);
    register_restartable_sequences();
    return FORK_EXECUTOR;
}

static char *stack_top(void) {
    static char *stack;
    if (!stack) {
        char *memory =
            mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
        if (memory == MAP_FAILED) return NULL;
        stack = memory;
    }
    return stack + STACK_SIZE;
}

static enum fork_side give_birth(struct birth *birth) {
    char *stack = stack_top();
    if (!stack || !let_everything_be_copied()) return FORK_FAILED;
    find_restartable_sequences();
    if (_setjmp(birth->executor_returns) != 0) return settle_executor(birth);
    pid_t pid = clone(make_executor_and_become_monitor, stack, CLONE_VM | CLONE_VFORK | SIGCHLD, birth);
    if (pid < 0) return FORK_FAILED;
    birth->monitor = pid;
    if (birth->error == 0) return FORK_SERVER;
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    errno = birth->error;
    return FORK_FAILED;
}

enum fork_side fork_pair(const struct fork_plan *plan, pid_t *monitor_pid, pid_t *executor_pid) {
    struct birth birth = {.plan = plan};
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    enum fork_side side = give_birth(&birth);
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    if (monitor_pid) *monitor_pid = birth.monitor;
    if (executor_pid) *executor_pid = side == FORK_EXECUTOR ? getpid() : birth.executor;
    return side;
}

bool fork_leaving_parent(void) {
    sigset_t all, before;
    if (!let_everything_be_copied()) return false;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid > 0) _exit(0);
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return pid == 0;
}
