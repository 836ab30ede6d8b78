/*
 * What crosses the sockets between launcher, executor and monitor.
 * docs/protocol.md says it in words; lib/ has no twin of it but the two
 * spellings below that JavaScript needs. test/native/protocol.test.ts holds
 * golden bytes. All numbers on the wire are big-endian.
 */
#ifndef PREFORK_PROTOCOL_H
#define PREFORK_PROTOCOL_H

#include "program.h"
#include <stdint.h>

/* Version 1, as chiark's prefork-interp speaks it. */
#define PFI_GREETING "PFI\n"
#define PFI_GREETING_SIZE 4
#define PFI_VARIABLE "PREFORK_INTERP"

/* The extension: named by the launcher in PREFORK_INTERP as "node1:PID" (the
 * pid of setup), and by the server as the first word of the greeting's extra
 * data. The words of the extra data end with a NUL each. */
#define PFI_EXTENSION "node1"
#define PFI_WORD_UNFORKED "unforked " /* followed by the reason */
#define PFI_EXTRA_MAX 4096

/* First byte of a request. */
#define PFI_REQUEST_V1 0
#define PFI_REQUEST_NODE1 1

#define PFI_REQUEST_MAX (16u << 20) /* bytes of a request's body */
#define PFI_DESCRIPTORS_MAX 250     /* the kernel passes 253 in one message */
#define PFI_LIMITS 16               /* RLIM_NLIMITS on Linux */
#define PFI_TARGET_CWD 0xffffffffu  /* this descriptor is the directory */

/* The extended request: this header, in one message with the descriptors, then
 * body_size bytes: descriptor_count targets (32 bits each: the number the
 * descriptor has in the caller, or PFI_TARGET_CWD), then env_count strings
 * NAME=value, then arg_count strings (the arguments after the script), each
 * ended by a NUL. */
struct pfi_request_header {
    uint8_t version; /* PFI_REQUEST_NODE1 */
    uint8_t reserved[1];
    uint16_t descriptor_count;
    uint32_t body_size;
    uint32_t env_count;
    uint32_t arg_count;
    uint32_t umask;
    uint32_t reserved2;
    uint64_t soft_limits[PFI_LIMITS]; /* RLIM_INFINITY as all ones */
};

/* After an extended request, frames of this size in both directions. */
struct pfi_frame {
    uint8_t kind;
    uint8_t flags;
    uint8_t reserved[2];
    uint32_t value;
};
/* client to monitor */
#define PFI_FRAME_SIGNAL 's'        /* value: signal number */
#define PFI_SIGNAL_FROM_TERMINAL 1u /* flag: for the executor's whole group */
#define PFI_SIGNAL_NOT_STOPPED 2u   /* flag, with SIGCONT: the client was told to stop, and could not */
#define PFI_SIGNAL_WAS_PAST                                                                                  \
    4u /* flag, with SIGCONT: it was told to stop, and did not, as the script goes on */
/* monitor to client */
#define PFI_FRAME_STATUS 'S'    /* value: wait status; the last frame */
#define PFI_FRAME_STOPPED 'T'   /* value: the signal that stopped it */
#define PFI_FRAME_CONTINUED 'C' /* value: 0 */
#define PFI_FRAME_REFUSED                                                                                    \
    'R' /* value: length of the reason that follows;                                                         \
           nothing has run; the last frame */

/* Executor to monitor, over their private SOCK_SEQPACKET pair. */
#define PFI_PRIVATE_CALL 'c'   /* carries the connection; value: request kind */
#define PFI_PRIVATE_STATUS 'e' /* value: wait status, ahead of the real end */

/* How a monitor ends: 0, the number of the signal that killed its executor and that nobody had asked it to
 * pass on, or this. */
#define PFI_MONITOR_FAILED 127

/* A spare's word in the memory shared by server, monitor and executor:
 * generation << 2 | state. Only a compare-and-swap from IDLE changes it while
 * a spare lives, so exactly one of "takes a call" and "is dismissed" wins. */
#define PFI_SPARE_FREE 0u
#define PFI_SPARE_IDLE 1u
#define PFI_SPARE_TAKEN 2u
#define PFI_SPARE_DISMISSED 3u
#define PFI_SPARE_WORD(generation, state) (((uint32_t)(generation) << 2) | (state))

/* The observer's notes: a memfd, mapped shared. Records follow the header:
 * a kind byte, a fixed part for files, then a NUL-terminated absolute path or
 * name. `used` counts bytes behind the header; past the end `overflow` is set
 * and nothing more is noted. */
#define PFI_NOTES_SIZE (8u << 20)
struct pfi_notes_header {
    uint32_t magic;  /* PFI_NOTES_MAGIC */
    uint32_t closed; /* set by the addon: initialisation is complete */
    uint32_t used;   /* atomic */
    uint32_t overflow;
    uint32_t no_terminals; /* bits of 0 to 2: in the caller these are none, whatever setup has there */
    uint32_t unobserved;   /* a program without the observer ran before this one: set by the observer */
    struct program_file
        program; /* that is to run next: told by the launcher and, before each exec, by the observer */
};
#define PFI_NOTES_MAGIC 0x70666e31u /* "pfn1" */
#define PFI_NOTE_FILE 'f'           /* opened for reading: struct pfi_signature, path */
#define PFI_NOTE_WRITTEN 'w'        /* opened for writing: path */
#define PFI_NOTE_STAT 's'           /* asked for and found: struct pfi_signature, path */
#define PFI_NOTE_MISSING 'm'        /* asked for in vain: path */
#define PFI_NOTE_ENV 'e'            /* environment variable read: name */
#define PFI_NOTE_ALL_ENV 'a'        /* the environment was copied: "" */
#define PFI_NOTE_ALL_NAMES 'n'      /* the names of its variables were listed: "" */
#define PFI_NOTE_UNSET 'u'          /* environment variable deleted: name */
#define PFI_NOTE_UMASK 'k'          /* the umask was asked for, or set: "" */
#define PFI_NOTE_CWD 'd'            /* the current directory was asked for: "" */
#define PFI_NOTE_ISATTY 't'         /* a descriptor was asked: its number in decimal */
struct pfi_signature {              /* native byte order, unaligned in the notes */
    uint64_t device, inode, size;
    int64_t mtime_sec, mtime_nsec, ctime_sec, ctime_nsec;
    uint32_t mode;
    uint32_t flags;
};
#define PFI_SIGNATURE_EXISTENCE 1u /* only asked whether it exists: nothing else is filled in */
#define PFI_SIGNATURE_RACY 2u      /* was being changed as it was opened: says nothing about what was read */

/* Behind the notes, from PFI_NOTES_SIZE on, unless -g names the server: what it needs to know its own name
 * (native/shared/world.h). Then the caller's environment, environment_size bytes, each NAME=value ended by a
 * NUL: what a version manager's shell script, or the script itself, made of it is not what a launcher sees.
 */
struct pfi_surroundings {
    uint8_t base[32];
    uint64_t directory[2]; /* native/shared/whereabouts.h */
    uint8_t terminals[3];
    uint8_t any_directory; /* -C */
    uint32_t umask;
    uint32_t environment_size;
    uint32_t parts_size; /* of the base in words (native/shared/parts.h), behind the environment */
};

#endif
