/*
 * LD_PRELOAD tracer of the power-cut rig: writes down, in order, what a process does to the files below one
 * folder, and the acknowledgements it writes to one file beside it. Rule kept: a write is logged and done under
 * one lock, a sync is logged at its begin and at its end, so that a write counts as synced only if it was done
 * before the sync began. It changes nothing and never fails the traced process.
 *
 * A record: type (1 byte), fd (int32), a (int64), b (int64), then b bytes. All in the machine's own order.
 *   O open: a = flags, bytes = path below the folder ("" is the folder itself)   C close
 *   W write: a = offset, bytes    T truncate: a = size (b = 0)    B/E sync begin/end (b = 0)
 *   U unlink: bytes = path        R rename: a = length of the first path, bytes = both paths    A acknowledgement
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FDS 65536
enum { UNTRACED = 0, TRACED = 1, ACKS = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned char kind_of[MOST_FDS];
static dev_t device_of[MOST_FDS];
static ino_t inode_of[MOST_FDS];
static int out = -1;
static char folder[PATH_MAX];
static size_t folder_length;
static const char *acks;

__attribute__((constructor)) static void start(void) {
  const char *dir = getenv("POWERCUT_FOLDER");
  const char *to = getenv("POWERCUT_TRACE");
  acks = getenv("POWERCUT_ACKS");
  if (!dir || !to || !acks || !realpath(dir, folder)) return;
  folder_length = strlen(folder);
  out = (int)syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  /* Far from the descriptors that the process uses. */
  int high = fcntl(out, F_DUPFD_CLOEXEC, 1000);
  if (high >= 0) {
    syscall(SYS_close, out);
    out = high;
  }
}

static void put(char type, int fd, int64_t a, int64_t b, const void *bytes) {
  if (out < 0) return;
  char head[21];
  int32_t fd32 = fd;
  head[0] = type;
  memcpy(head + 1, &fd32, 4);
  memcpy(head + 5, &a, 8);
  memcpy(head + 13, &b, 8);
  struct iovec parts[2] = {{head, sizeof head}, {(void *)bytes, (size_t)b}};
  size_t left = sizeof head + (size_t)b;
  while (left > 0) {
    ssize_t n = syscall(SYS_writev, out, parts, 2);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) abort();
    left -= (size_t)n;
    for (int i = 0; i < 2 && n > 0; i++) {
      size_t step = (size_t)n < parts[i].iov_len ? (size_t)n : parts[i].iov_len;
      parts[i].iov_base = (char *)parts[i].iov_base + step;
      parts[i].iov_len -= step;
      n -= (ssize_t)step;
    }
  }
}

/* The path below the folder, or NULL. The last part may not exist (any more). */
static const char *below(int at, const char *path, char *full) {
  if (out < 0 || path == NULL) return NULL;
  char joined[PATH_MAX];
  if (path[0] != '/' && at != AT_FDCWD) return NULL;
  if (path[0] == '/') {
    if (snprintf(joined, sizeof joined, "%s", path) >= (int)sizeof joined) return NULL;
  } else {
    char cwd[PATH_MAX / 2];
    if (!getcwd(cwd, sizeof cwd)) return NULL;
    if (snprintf(joined, sizeof joined, "%s/%s", cwd, path) >= (int)sizeof joined) return NULL;
  }
  if (strncmp(joined, folder, folder_length) != 0) return NULL;
  const char *rest = joined + folder_length;
  if (*rest != '/' && *rest != 0) return NULL;
  while (*rest == '/') rest++;
  strcpy(full, rest);
  return full;
}

/* libuv closes some descriptors past close(): one that is another file by now is not traced any more. */
static unsigned char kind(int fd) {
  if (fd < 0 || fd >= MOST_FDS || kind_of[fd] == UNTRACED) return UNTRACED;
  int saved = errno;
  struct stat now;
  if (fstat(fd, &now) != 0 || now.st_dev != device_of[fd] || now.st_ino != inode_of[fd]) kind_of[fd] = UNTRACED;
  errno = saved;
  return kind_of[fd];
}

static int opened(int fd, int at, const char *path, int flags) {
  if (fd < 0 || fd >= MOST_FDS) return fd;
  int saved = errno;
  char name[PATH_MAX];
  kind_of[fd] = UNTRACED;
  if (out >= 0 && path && acks && strcmp(path, acks) == 0) {
    kind_of[fd] = ACKS;
  } else if (below(at, path, name)) {
    kind_of[fd] = TRACED;
    put('O', fd, flags, (int64_t)strlen(name), name);
  }
  struct stat now;
  if (kind_of[fd] != UNTRACED && fstat(fd, &now) == 0) {
    device_of[fd] = now.st_dev;
    inode_of[fd] = now.st_ino;
  }
  errno = saved;
  return fd;
}

static int do_open(int at, const char *path, int flags, mode_t mode) {
  pthread_mutex_lock(&lock);
  int fd = (int)syscall(SYS_openat, at, path, flags, mode);
  opened(fd, at, path, flags);
  pthread_mutex_unlock(&lock);
  return fd;
}

#define MODE_OF(flags, last)                          \
  mode_t mode = 0;                                    \
  if ((flags) & (O_CREAT | O_TMPFILE)) {            \
    va_list more;                                     \
    va_start(more, last);                             \
    mode = va_arg(more, mode_t);                      \
    va_end(more);                                     \
  }
int open(const char *path, int flags, ...) { MODE_OF(flags, flags) return do_open(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) {
  MODE_OF(flags, flags) return do_open(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}
int openat(int at, const char *path, int flags, ...) { MODE_OF(flags, flags) return do_open(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE_OF(flags, flags) return do_open(at, path, flags, mode); }

int close(int fd) {
  if (kind(fd) == UNTRACED) return (int)syscall(SYS_close, fd);
  pthread_mutex_lock(&lock);
  if (kind_of[fd] == TRACED) put('C', fd, 0, 0, "");
  kind_of[fd] = UNTRACED;
  int answer = (int)syscall(SYS_close, fd);
  pthread_mutex_unlock(&lock);
  return answer;
}

/* Logs what is about to be written: a write that the kernel shortens would be logged whole, which SQLite and
   libuv answer by writing the rest again, over the same bytes. */
static void log_write(int fd, const void *bytes, size_t count, off64_t offset) {
  if (kind_of[fd] == ACKS) {
    put('A', fd, 0, (int64_t)count, bytes);
    return;
  }
  if (offset < 0) {
    int flags = fcntl(fd, F_GETFL);
    offset = lseek64(fd, 0, SEEK_CUR);
    struct stat now;
    if (flags >= 0 && (flags & O_APPEND) && fstat(fd, &now) == 0) offset = now.st_size;
  }
  put('W', fd, offset, (int64_t)count, bytes);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  if (kind(fd) == UNTRACED) return syscall(SYS_write, fd, bytes, count);
  pthread_mutex_lock(&lock);
  log_write(fd, bytes, count, -1);
  ssize_t n = syscall(SYS_write, fd, bytes, count);
  pthread_mutex_unlock(&lock);
  return n;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  if (kind(fd) == UNTRACED) return syscall(SYS_pwrite64, fd, bytes, count, offset);
  pthread_mutex_lock(&lock);
  log_write(fd, bytes, count, offset);
  ssize_t n = syscall(SYS_pwrite64, fd, bytes, count, offset);
  pthread_mutex_unlock(&lock);
  return n;
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return pwrite64(fd, bytes, count, offset); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (kind(fd) == UNTRACED) return syscall(SYS_writev, fd, parts, count);
  /* One at a time, so that each is logged where it lands. */
  ssize_t done = 0;
  for (int i = 0; i < count; i++) {
    ssize_t n = write(fd, parts[i].iov_base, parts[i].iov_len);
    if (n < 0) return done > 0 ? done : n;
    done += n;
    if ((size_t)n < parts[i].iov_len) break;
  }
  return done;
}

int ftruncate64(int fd, off64_t size) {
  if (kind(fd) == UNTRACED) return (int)syscall(SYS_ftruncate, fd, size);
  pthread_mutex_lock(&lock);
  put('T', fd, size, 0, "");
  int answer = (int)syscall(SYS_ftruncate, fd, size);
  pthread_mutex_unlock(&lock);
  return answer;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int synced(int fd, long call) {
  if (kind(fd) == UNTRACED) return (int)syscall(call, fd);
  pthread_mutex_lock(&lock);
  put('B', fd, 0, 0, "");
  pthread_mutex_unlock(&lock);
  int answer = (int)syscall(call, fd);
  pthread_mutex_lock(&lock);
  if (answer == 0) put('E', fd, 0, 0, "");
  pthread_mutex_unlock(&lock);
  return answer;
}
int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

static int unlinked(int at, const char *path, int flags) {
  char name[PATH_MAX];
  pthread_mutex_lock(&lock);
  const char *traced = below(at, path, name);
  int answer = (int)syscall(SYS_unlinkat, at, path, flags);
  if (answer == 0 && traced && !(flags & AT_REMOVEDIR)) put('U', -1, 0, (int64_t)strlen(name), name);
  pthread_mutex_unlock(&lock);
  return answer;
}
int unlink(const char *path) { return unlinked(AT_FDCWD, path, 0); }
int unlinkat(int at, const char *path, int flags) { return unlinked(at, path, flags); }
int remove(const char *path) {
  int answer = unlinked(AT_FDCWD, path, 0);
  return answer != 0 && (errno == EISDIR || errno == EPERM) ? unlinked(AT_FDCWD, path, AT_REMOVEDIR) : answer;
}

int rename(const char *from, const char *to) {
  char both[2 * PATH_MAX];
  char second[PATH_MAX];
  pthread_mutex_lock(&lock);
  const char *old = below(AT_FDCWD, from, both);
  const char *new = below(AT_FDCWD, to, second);
  int answer = (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
  if (answer == 0 && old && new) {
    size_t length = strlen(both);
    strcat(both, second);
    put('R', -1, (int64_t)length, (int64_t)strlen(both), both);
  }
  pthread_mutex_unlock(&lock);
  return answer;
}
