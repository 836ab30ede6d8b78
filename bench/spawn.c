/*
 * Times programs from outside: from posix_spawn until the program was waited for and its output has ended. A
 * shell, or a runtime with an event loop, would add more than what is measured here costs.
 *
 *   spawn alternate ROUNDS BURST GAP_US COMMAND...     each command in each round, in an order that changes
 *   spawn together CLIENTS SECONDS COMMAND             callers at once, each as fast as it can
 *   spawn volley ROUNDS CLIENTS GAP_US COMMAND...      as alternate, but so many calls at once for one
 *
 * COMMAND: :run: [<INPUT] [>null] [NAME=VALUE ...] PROGRAM ARGUMENT... [:after: PROGRAM ARGUMENT...]
 * Standard input is INPUT or /dev/null, standard output a pipe that is read to its end, or /dev/null. What
 * stands behind :after: runs after each call and is not timed. Each call becomes a line: the command's
 * number, nanoseconds, the call's own processor time in microseconds. A volley is one line: nanoseconds until
 * all have ended, the processor time of all.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS 1000000000LL

extern char **environ;

struct command {
    const char *input;
    bool into_pipe;
    char **environment;
    char **words;
    char **after; /* or NULL */
};

struct sample {
    long long ns;
    long long cpu_us;
};

struct caller {
    pthread_t thread;
    const struct command *command;
    long long end_ns;
    struct sample *samples;
    size_t count;
    struct sample only; /* of a volley */
};

static void alternate(int argc, char **argv);
static void together(int argc, char **argv);
static void volley(int argc, char **argv);
static struct command *parse_commands(char **words, size_t *count);
static struct command parse_command(char ***rest_of_words);
static char **take_words(char ***rest_of_words);
static size_t *in_order(size_t count);
static void shuffle(size_t *order, size_t count);
static void *call_until_end(void *argument);
static struct sample call_at_once(const struct command *command, struct caller *callers, size_t count);
static void *call_once(void *argument);
static void start(struct caller *caller, void *(*run)(void *));
static void join(const struct caller *caller);
static struct sample call(const struct command *command);
static void open_standard(posix_spawn_file_actions_t *actions, const struct command *command, int output);
static void read_to_end(int fd);
static void wait_for(pid_t pid, const char *program, struct rusage *usage);
static void run_untimed(char **words);
static void print_sample(size_t index, struct sample sample);
static long long now_ns(void);
static void rest(long microseconds);
static long number(const char *word);
static void *allocate(void *old, size_t count, size_t size);
_Noreturn static void fail(const char *what, int error);
_Noreturn static void usage(void);

int main(int argc, char **argv) {
    if (argc >= 6 && strcmp(argv[1], "alternate") == 0)
        alternate(argc, argv);
    else if (argc >= 5 && strcmp(argv[1], "together") == 0)
        together(argc, argv);
    else if (argc >= 6 && strcmp(argv[1], "volley") == 0)
        volley(argc, argv);
    else
        usage();
    if (fflush(stdout) != 0) fail("standard output", errno);
    return 0;
}

static void alternate(int argc, char **argv) {
    (void)argc;
    long rounds = number(argv[2]), burst = number(argv[3]), gap_us = number(argv[4]);
    size_t count;
    struct command *commands = parse_commands(argv + 5, &count);
    size_t *order = in_order(count);
    for (long round = 0; round < rounds; round++) {
        shuffle(order, count);
        for (size_t i = 0; i < count; i++) {
            const struct command *command = &commands[order[i]];
            for (long turn = 0; turn < burst; turn++) {
                rest(gap_us);
                print_sample(order[i], call(command));
                if (command->after) run_untimed(command->after);
            }
        }
    }
}

static void together(int argc, char **argv) {
    (void)argc;
    size_t clients = (size_t)number(argv[2]), count;
    long seconds = number(argv[3]);
    struct command *commands = parse_commands(argv + 4, &count);
    if (count != 1 || clients < 1) usage();
    struct caller *callers = allocate(NULL, clients, sizeof *callers);
    long long end_ns = now_ns() + seconds * SECOND_NS;
    for (size_t i = 0; i < clients; i++) {
        callers[i] = (struct caller){.command = commands, .end_ns = end_ns};
        start(&callers[i], call_until_end);
    }
    for (size_t i = 0; i < clients; i++) {
        join(&callers[i]);
        for (size_t k = 0; k < callers[i].count; k++)
            print_sample(0, callers[i].samples[k]);
    }
}

static void volley(int argc, char **argv) {
    (void)argc;
    long rounds = number(argv[2]), gap_us = number(argv[4]);
    size_t clients = (size_t)number(argv[3]), count;
    struct command *commands = parse_commands(argv + 5, &count);
    struct caller *callers = allocate(NULL, clients, sizeof *callers);
    size_t *order = in_order(count);
    for (long round = 0; round < rounds; round++) {
        shuffle(order, count);
        for (size_t i = 0; i < count; i++) {
            rest(gap_us);
            print_sample(order[i], call_at_once(&commands[order[i]], callers, clients));
        }
    }
}

static struct command *parse_commands(char **words, size_t *count) {
    struct command *commands = NULL;
    *count = 0;
    while (*words) {
        if (strcmp(*words++, ":run:") != 0) usage();
        commands = allocate(commands, *count + 1, sizeof *commands);
        commands[(*count)++] = parse_command(&words);
    }
    if (*count == 0) usage();
    return commands;
}

static struct command parse_command(char ***rest_of_words) {
    struct command command = {.input = "/dev/null", .into_pipe = true};
    char **words = *rest_of_words;
    size_t variables = 0;
    while (environ[variables])
        variables++;
    command.environment = allocate(NULL, variables + 1, sizeof *environ);
    memcpy(command.environment, environ, (variables + 1) * sizeof *environ);
    for (; *words; words++) {
        if (**words == '<') {
            command.input = *words + 1;
        } else if (strcmp(*words, ">null") == 0) {
            command.into_pipe = false;
        } else if (**words != '/' && strchr(*words, '=')) {
            command.environment = allocate(command.environment, variables + 2, sizeof *environ);
            command.environment[variables++] = *words;
            command.environment[variables] = NULL;
        } else {
            break;
        }
    }
    command.words = take_words(&words);
    if (*words && strcmp(*words, ":after:") == 0) {
        words++;
        command.after = take_words(&words);
    }
    *rest_of_words = words;
    return command;
}

/* A vector of the words up to the next mark. */
static char **take_words(char ***rest_of_words) {
    char **words = *rest_of_words, **vector = NULL;
    size_t count = 0;
    while (words[count] && strcmp(words[count], ":run:") != 0 && strcmp(words[count], ":after:") != 0)
        count++;
    if (count == 0) usage();
    vector = allocate(NULL, count + 1, sizeof *vector);
    memcpy(vector, words, count * sizeof *vector);
    vector[count] = NULL;
    *rest_of_words = words + count;
    return vector;
}

static size_t *in_order(size_t count) {
    size_t *order = allocate(NULL, count, sizeof *order);
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    return order;
}

/* So that no command always follows the same other one. The same order in each run: random() is not seeded.
 */
static void shuffle(size_t *order, size_t count) {
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)random() % i, kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
}

/* A call that is still running at the end does not count. */
static void *call_until_end(void *argument) {
    struct caller *caller = argument;
    size_t room = 0;
    while (now_ns() < caller->end_ns) {
        struct sample sample = call(caller->command);
        if (now_ns() > caller->end_ns) break;
        if (caller->count == room) {
            room = room ? room * 2 : 1024;
            caller->samples = allocate(caller->samples, room, sizeof *caller->samples);
        }
        caller->samples[caller->count++] = sample;
    }
    return NULL;
}

static struct sample call_at_once(const struct command *command, struct caller *callers, size_t count) {
    struct sample sum = {0};
    long long begun = now_ns();
    for (size_t i = 0; i < count; i++) {
        callers[i] = (struct caller){.command = command};
        start(&callers[i], call_once);
    }
    for (size_t i = 0; i < count; i++) {
        join(&callers[i]);
        sum.cpu_us += callers[i].only.cpu_us;
    }
    sum.ns = now_ns() - begun;
    return sum;
}

static void *call_once(void *argument) {
    struct caller *caller = argument;
    caller->only = call(caller->command);
    return NULL;
}

static void start(struct caller *caller, void *(*run)(void *)) {
    int error = pthread_create(&caller->thread, NULL, run, caller);
    if (error) fail("pthread_create", error);
}

static void join(const struct caller *caller) {
    int error = pthread_join(caller->thread, NULL);
    if (error) fail("pthread_join", error);
}

static struct sample call(const struct command *command) {
    posix_spawn_file_actions_t actions;
    int pipe_ends[2] = {-1, -1};
    if (command->into_pipe && pipe2(pipe_ends, O_CLOEXEC) != 0) fail("pipe2", errno);
    open_standard(&actions, command, pipe_ends[1]);

    pid_t pid;
    struct rusage usage;
    long long begun = now_ns();
    int error = posix_spawn(&pid, command->words[0], &actions, NULL, command->words, command->environment);
    if (error) fail(command->words[0], error);
    if (command->into_pipe) {
        close(pipe_ends[1]);
        read_to_end(pipe_ends[0]);
    }
    wait_for(pid, command->words[0], &usage);
    long long ended = now_ns();

    if (command->into_pipe) close(pipe_ends[0]);
    posix_spawn_file_actions_destroy(&actions);
    long long cpu_us = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL + usage.ru_utime.tv_usec +
                       usage.ru_stime.tv_usec;
    return (struct sample){.ns = ended - begun, .cpu_us = cpu_us};
}

/* Standard error is ours: what a command complains of belongs into the report. */
static void open_standard(posix_spawn_file_actions_t *actions, const struct command *command, int output) {
    int error = posix_spawn_file_actions_init(actions);
    if (!error) error = posix_spawn_file_actions_addopen(actions, 0, command->input, O_RDONLY, 0);
    if (!error && output >= 0) error = posix_spawn_file_actions_adddup2(actions, output, 1);
    if (!error && output < 0) error = posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0);
    if (error) fail("posix_spawn_file_actions", error);
}

static void read_to_end(int fd) {
    char buffer[65536];
    for (;;) {
        ssize_t got = read(fd, buffer, sizeof buffer);
        if (got == 0) return;
        if (got < 0 && errno != EINTR) fail("read of a command's output", errno);
    }
}

static void wait_for(pid_t pid, const char *program, struct rusage *usage) {
    int status;
    while (wait4(pid, &status, 0, usage) < 0)
        if (errno != EINTR) fail("wait4", errno);
    if (status == 0) return;
    fprintf(stderr, "spawn: %s ended with status 0x%04x\n", program, (unsigned)status);
    exit(1);
}

static void run_untimed(char **words) {
    struct command command = {.input = "/dev/null", .environment = environ, .words = words};
    call(&command);
}

static void print_sample(size_t index, struct sample sample) {
    printf("%zu %lld %lld\n", index, sample.ns, sample.cpu_us);
}

static long long now_ns(void) {
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) fail("clock_gettime", errno);
    return now.tv_sec * SECOND_NS + now.tv_nsec;
}

static void rest(long microseconds) {
    if (microseconds == 0) return; /* even the shortest sleep takes a timer's slack */
    struct timespec left = {.tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000};
    while (nanosleep(&left, &left) != 0)
        if (errno != EINTR) fail("nanosleep", errno);
}

static long number(const char *word) {
    char *end;
    errno = 0;
    long value = strtol(word, &end, 10);
    if (errno || end == word || *end || value < 0) usage();
    return value;
}

static void *allocate(void *old, size_t count, size_t size) {
    void *memory = reallocarray(old, count, size);
    if (!memory) fail("reallocarray", errno);
    return memory;
}

static void fail(const char *what, int error) {
    fprintf(stderr, "spawn: %s: %s\n", what, strerror(error));
    exit(1);
}

static void usage(void) {
    fputs("usage: spawn alternate ROUNDS BURST GAP_US COMMAND... | spawn together CLIENTS SECONDS COMMAND | "
          "spawn volley ROUNDS CLIENTS GAP_US COMMAND...\n",
          stderr);
    exit(1);
}
