#include "wire.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "monotonic.h"
#include "protocol.h"

/* Until the other end has sent or taken something, or has gone, or that moment. */
static bool await_peer(int fd, short events, int64_t until_ms) {
    struct pollfd polled = {.fd = fd, .events = events};
    for (;;) {
        int64_t left = until_ms - monotonic_ms();
        int ready = left > 0 ? poll(&polled, 1, left < INT_MAX ? (int)left : INT_MAX) : 0;
        if (ready > 0) return true;
        if (ready == 0 && left < INT_MAX) {
            errno = ETIMEDOUT;
            return false;
        }
        if (ready < 0 && errno != EINTR) return false;
    }
}

ssize_t read_in_time(int fd, void *buffer, size_t size, int64_t until_ms) {
    size_t done = 0;
    while (done < size) {
        ssize_t n = recv(fd, (char *)buffer + done, size - done, MSG_DONTWAIT);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN && await_peer(fd, POLLIN, until_ms)) continue;
        if (n < 0) return -1;
        if (n == 0) {
            if (done == 0) return 0;
            errno = EPROTO;
            return -1;
        }
        done += (size_t)n;
        if (done < size && monotonic_ms() >= until_ms) {
            errno = ETIMEDOUT;
            return -1;
        }
    }
    return (ssize_t)size;
}

ssize_t read_whole(int fd, void *buffer, size_t size) {
    size_t done = 0;
    while (done < size) {
        ssize_t n = read(fd, (char *)buffer + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        if (n == 0) {
            if (done == 0) return 0;
            errno = EPROTO;
            return -1;
        }
        done += (size_t)n;
    }
    return (ssize_t)size;
}

bool send_whole(int fd, const void *buffer, size_t size) {
    return send_in_time(fd, buffer, size, FOR_EVER);
}

bool send_in_time(int fd, const void *buffer, size_t size, int64_t until_ms) {
    size_t done = 0;
    while (done < size) {
        ssize_t n = send(fd, (const char *)buffer + done, size - done, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && (errno == EINTR || (errno == EAGAIN && await_peer(fd, POLLOUT, until_ms)))) continue;
        if (n < 0) return false;
        done += (size_t)n;
        if (done < size && monotonic_ms() >= until_ms) {
            errno = ETIMEDOUT;
            return false;
        }
    }
    return true;
}

union control {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int) * (PFI_DESCRIPTORS_MAX + 1))];
};

bool send_with_descriptors(int fd, const void *buffer, size_t size, const int *descriptors, size_t count,
                           int64_t until_ms) {
    union control control;
    struct iovec piece = {.iov_base = (void *)(uintptr_t)buffer, .iov_len = size};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
    if (count > PFI_DESCRIPTORS_MAX + 1) {
        errno = E2BIG;
        return false;
    }
    if (count > 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int) * count);
        memcpy(CMSG_DATA(rights), descriptors, sizeof(int) * count);
    }
    ssize_t n;
    do {
        n = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (n < 0 && (errno == EINTR || (errno == EAGAIN && await_peer(fd, POLLOUT, until_ms))));
    if (n < 0) return false;
    return send_in_time(fd, (const char *)buffer + n, size - (size_t)n, until_ms);
}

ssize_t receive_with_descriptors(int fd, void *buffer, size_t size, int *descriptors, size_t *count,
                                 int64_t until_ms) {
    union control control;
    struct iovec piece = {.iov_base = buffer, .iov_len = size};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    size_t room = *count, got = 0;
    bool excess = false;
    ssize_t n;
    *count = 0;
    do {
        n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    } while (n < 0 && (errno == EINTR || (errno == EAGAIN && await_peer(fd, POLLIN, until_ms))));
    if (n <= 0) return n;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
        size_t here = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < here; i++) {
            int received;
            memcpy(&received, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
            if (got < room) {
                descriptors[got++] = received;
            } else {
                close(received);
                excess = true;
            }
        }
    }
    if (excess || (message.msg_flags & MSG_CTRUNC)) {
        while (got > 0)
            close(descriptors[--got]);
        errno = EPROTO;
        return -1;
    }
    *count = got;
    if ((size_t)n < size) {
        ssize_t rest = read_in_time(fd, (char *)buffer + n, size - (size_t)n, until_ms);
        if (rest == 0) errno = EPROTO;
        if (rest <= 0) return -1;
    }
    return (ssize_t)size;
}

#define BRIEFLY_NS 100000

void await_briefly(int fd) {
    struct pollfd polled = {.fd = fd, .events = POLLIN};
    for (int64_t until = monotonic_ns() + BRIEFLY_NS; poll(&polled, 1, 0) == 0 && monotonic_ns() < until;)
        sched_yield();
}
