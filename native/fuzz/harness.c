#include "harness.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From here on numbers are descriptors that the parser was given. */
#define FIRST_GIVEN 1000
#define GIVEN_MAX 512
#define TAKEN_MAX 16
/* More is announced by an input than it has: to read it fails, as it does without memory for it. */
#define MEMORY_MAX (1 << 16)

static jmp_buf left;

static struct {
    const uint8_t *data;
    size_t size;
    uint8_t pieces;
    unsigned turn;
    size_t descriptors, messages;
} input;

static struct {
    bool open[GIVEN_MAX];
    size_t count, left;
} given;

static struct {
    void *memory[TAKEN_MAX];
    size_t count;
} taken;

bool fuzz_run(void (*parse)(void)) {
    while (taken.count > 0)
        free(taken.memory[--taken.count]);
    if (setjmp(left)) return false;
    parse();
    return true;
}

void fuzz_leave(void) {
    longjmp(left, 1);
}

void fuzz_input(const uint8_t *data, size_t size, uint8_t pieces, size_t descriptors, size_t messages) {
    input.data = data;
    input.size = size;
    input.pieces = pieces;
    input.turn = 0;
    input.descriptors = descriptors;
    input.messages = messages;
    memset(&given, 0, sizeof given);
}

static bool is_interrupted(void) {
    return input.pieces & 0x80 && input.turn++ % 3 == 1;
}

ssize_t fuzz_read(void *buffer, size_t size) {
    if (is_interrupted()) {
        errno = EINTR;
        return -1;
    }
    size_t piece = input.pieces ? 1 + (input.pieces >> (input.turn++ % 4)) % 32 : input.size;
    if (piece > size) piece = size;
    if (piece > input.size) piece = input.size;
    memcpy(buffer, input.data, piece);
    input.data += piece;
    input.size -= piece;
    return (ssize_t)piece;
}

/* As the kernel passes descriptors: with the first byte of a message, and cut short where there is no room.
 */
static void give_descriptors(struct msghdr *message) {
    size_t room =
        message->msg_controllen < CMSG_LEN(0) ? 0 : (message->msg_controllen - CMSG_LEN(0)) / sizeof(int);
    size_t count = input.descriptors < room ? input.descriptors : room;
    message->msg_flags = count < input.descriptors ? MSG_CTRUNC : 0;
    if (count == 0) {
        message->msg_controllen = 0;
        return;
    }
    struct cmsghdr *rights = CMSG_FIRSTHDR(message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int) * count);
    for (size_t i = 0; i < count; i++) {
        int fd = FIRST_GIVEN + (int)given.count;
        given.open[given.count++] = true;
        given.left++;
        memcpy(CMSG_DATA(rights) + i * sizeof fd, &fd, sizeof fd);
    }
    message->msg_controllen = CMSG_SPACE(sizeof(int) * count);
}

ssize_t fuzz_recvmsg(struct msghdr *message) {
    ssize_t n = fuzz_read(message->msg_iov->iov_base, message->msg_iov->iov_len);
    if (n < 0) return n;
    message->msg_flags = 0;
    if (n > 0 && input.messages > 0) {
        input.messages--;
        give_descriptors(message);
    } else {
        message->msg_controllen = 0;
    }
    return n;
}

int fuzz_poll(struct pollfd *polled, size_t count) {
    for (size_t i = 0; i < count; i++)
        polled[i].revents = POLLIN;
    return (int)count;
}

int fuzz_close(int fd) {
    size_t index = (size_t)fd - FIRST_GIVEN;
    fuzz_check(fd >= FIRST_GIVEN && index < given.count && given.open[index],
               "a descriptor was closed that is not there");
    given.open[index] = false;
    given.left--;
    return 0;
}

size_t fuzz_descriptors_left(void) {
    return given.left;
}

int fuzz_nothing(void) {
    return 0;
}

int fuzz_stat(const char *path, struct stat *file) {
    memset(file, 0, sizeof *file);
    if (!*path) return -1;
    file->st_dev = file->st_ino = 1;
    file->st_size = file->st_mtim.tv_sec = file->st_ctim.tv_sec = 1;
    return 0;
}

void *fuzz_calloc(size_t count, size_t size) {
    size_t whole = count * size;
    if (whole > MEMORY_MAX) return NULL;
    fuzz_check(taken.count < TAKEN_MAX, "memory is taken again and again");
    return taken.memory[taken.count++] = calloc(count, size);
}

void fuzz_free(void *memory) {
    for (size_t i = 0; i < taken.count; i++)
        if (taken.memory[i] == memory) {
            taken.memory[i] = taken.memory[--taken.count];
            free(memory);
            return;
        }
    fuzz_check(!memory, "memory was given back that was not taken");
}

void fuzz_check(bool holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "does not hold: %s\n", what);
    abort();
}
