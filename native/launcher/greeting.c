#include "greeting.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "monotonic.h"
#include "plain.h"
#include "settings.h"
#include "stop.h"
#include "wire.h"

#define HEAD_SIZE 8
#define FIRST_LOOK_MS 1000
#define NEXT_LOOK_MS 200

static void check_deadline(struct call *call) {
    if (monotonic_ms() < call->deadline) return;
    run_plainly_this_time(call, "no server answered within %lld s", waiting_limit() / 1000);
}

static void await_bytes(struct call *call, const struct conversation *conversation) {
    struct pollfd polled = {.fd = conversation->fd, .events = POLLIN};
    int look = FIRST_LOOK_MS;
    for (;;) {
        int ready = poll(&polled, 1, look);
        if (ready > 0) return;
        if (ready < 0 && errno != EINTR) run_plainly(call, "cannot wait for the server: %s", strerror(errno));
        if (conversation->server != getpid() && is_stopped(conversation->server))
            run_plainly_this_time(call, "its server (process %d) is stopped", (int)conversation->server);
        check_deadline(call);
        look = NEXT_LOOK_MS;
    }
}

static size_t extra_size(const char *greeting) {
    const unsigned char *b = (const unsigned char *)greeting + PFI_GREETING_SIZE;
    return (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
}

/* How long the greeting is, as far as is known from `have` bytes of it. */
static size_t whole_size(struct call *call, const char *greeting, size_t have) {
    size_t sure = have < PFI_GREETING_SIZE ? have : PFI_GREETING_SIZE;
    if (memcmp(greeting, PFI_GREETING, sure) != 0)
        run_plainly(call, "what answers at its socket is no server of ours");
    if (have < HEAD_SIZE) return HEAD_SIZE;
    if (extra_size(greeting) > PFI_EXTRA_MAX) run_plainly(call, "its server's greeting is too long");
    return HEAD_SIZE + extra_size(greeting);
}

/* Words that we do not know are for a later version of us. */
static void read_words(struct conversation *conversation, size_t size) {
    const char *word = conversation->greeting + HEAD_SIZE, *end = conversation->greeting + size;
    conversation->greeting[size] = '\0';
    conversation->extended = word < end && !strcmp(word, PFI_EXTENSION);
    conversation->unforked = NULL;
    if (!conversation->extended) return;
    for (; word < end; word += strlen(word) + 1)
        if (!strncmp(word, PFI_WORD_UNFORKED, strlen(PFI_WORD_UNFORKED)))
            conversation->unforked = word + strlen(PFI_WORD_UNFORKED);
}

bool read_greeting(struct call *call, struct conversation *conversation) {
    size_t have = 0, size = HEAD_SIZE;
    await_briefly(conversation->fd);
    while (have < size) {
        await_bytes(call, conversation);
        size_t room = sizeof conversation->greeting - 1 - have;
        ssize_t n = recv(conversation->fd, conversation->greeting + have, room, MSG_DONTWAIT);
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n < 0 && errno != ECONNRESET && errno != EPIPE)
            run_plainly(call, "cannot read its server's greeting: %s", strerror(errno));
        if (n <= 0) return false;
        if (have) check_deadline(call); /* also of one that sends a byte now and then */
        have += (size_t)n;
        size = whole_size(call, conversation->greeting, have);
    }
    if (have > size) run_plainly(call, "its server said more than a greeting");
    read_words(conversation, size);
    return true;
}
