/* SPDX-License-Identifier: Apache-2.0
 * What the exporter does. */
#include "broken.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

typedef struct broken_exporter {
    bio_exporter base;
    const bio_host *host;
    const bio_files *files;
    const bio_fail *fail;
    int is_changing; /* of the format that writes the time */
} broken_exporter;

#ifdef VARIANT_TWO_FORMATS
#define VARIANT_COUNTS_EXPORTERS
#endif
#if defined VARIANT_COUNTS_EXPORTERS || defined VARIANT_ONE_EXPORTER
static int exporters;
#endif

/* What the variants use beside that. */
#define SERVICE(own, id) ((own)->host->get_extension((own)->host, (id)))

static int32_t failed(broken_exporter *own, int32_t code, bio_str message) {
#ifdef VARIANT_NO_REASON
    (void)own, (void)message;
    return code;
#else
    bio_error error = {.struct_size = sizeof error, .code = code, .message = message};
    return own->fail->fail(own->host, &error);
#endif
}

static int32_t emit(broken_exporter *own, bio_str path, uint64_t size) {
    bio_artifact artifact = {
        .struct_size = sizeof artifact,
        .flags = BIO_ARTIFACT_REPRODUCIBLE,
        .form = BIO_FORM_FILE,
        .role = BIO_ARTIFACT_PRIMARY,
        .kind = TEXT("text"),
        .path = path,
        .size = size,
    };
#ifdef VARIANT_BAD_ARGUMENT
    artifact.form = 77;
#endif
#ifdef VARIANT_NO_PRIMARY
    artifact.role = BIO_ARTIFACT_SIDECAR;
#endif
    return own->host->emit(own->host, &artifact);
}

/* ---- validate and plan ---- */

static int32_t validate(bio_exporter *exporter, const bio_job *job) {
    broken_exporter *own = (broken_exporter *)exporter;
    (void)own, (void)job;
#ifdef VARIANT_EXACT_JOB
    if (job->struct_size != sizeof *job) return failed(own, BIO_E_SIZE, STR("the job has another size"));
#endif
#ifdef VARIANT_HANGS
    for (;;) sleep(60);
#endif
#ifdef VARIANT_NO_REASON
    return failed(own, 103, STR("the moon is full"));
#endif
#ifdef VARIANT_EMITS_EARLY
    return emit(own, STR("broken.txt"), 0);
#endif
#ifdef VARIANT_CRASHES_ON_ONE_PACKAGE
    if (job->graph->package_count == 1) abort();
#endif
#ifdef VARIANT_CRASHES_ON_LEVEL
    if (job->values[0].integer == 9) abort();
#endif
    return BIO_OK;
}

static int32_t plan(bio_exporter *exporter, const bio_job *job) {
    (void)job;
#ifdef VARIANT_WRITES_IN_PLAN
    char path[4200];
    snprintf(path, sizeof path, "%s/early.txt", job->scratch_dir.ptr);
    FILE *early = fopen(path, "w");
    if (early) fclose(early);
#endif
    return emit((broken_exporter *)exporter, STR("broken.txt"), 0);
}

/* ---- run ---- */

/* What the artifact holds besides the packages. */
static void extra(FILE *file, broken_exporter *own) {
    (void)file, (void)own;
#ifdef VARIANT_WRITES_THE_TIME
    fprintf(file, "%lld\n", (long long)time(NULL));
#endif
#ifdef VARIANT_WRITES_THE_ZONE
    const char *zone = getenv("TZ");
    fprintf(file, "%s\n", zone ? zone : "");
#endif
#ifdef VARIANT_COUNTS_EXPORTERS
    if (!own->is_changing) fprintf(file, "%d\n", exporters);
#endif
    if (own->is_changing) fprintf(file, "%lld\n", (long long)time(NULL));
#ifdef VARIANT_USES_UNLISTED
    const bio_archive *archive = SERVICE(own, BIO_EXT_ARCHIVE);
    bio_str name = TEXT("gzip"), suffix;
    if (archive->suffix(own->host, &name, &suffix) == BIO_OK) fprintf(file, "%s\n", suffix.ptr);
#endif
}

#ifdef VARIANT_OTHER_THREAD
static void *call_service(void *context) {
    broken_exporter *own = context;
    uint64_t count = 0;
    bio_file entry;
    own->files->page(own->host, 0, 0, &entry, 1, &count);
    return NULL;
}
#endif

#ifdef VARIANT_LEAVES_A_THREAD
static void *wait_for_ever(void *context) {
    (void)context;
    for (;;) sleep(60);
    return NULL;
}
#endif

/* What breaks the rule beside the artifact; a code ends the run. */
static int32_t misbehave(broken_exporter *own, const bio_job *job) {
    (void)own, (void)job;
#ifdef VARIANT_RUN_CRASHES
    abort();
#endif
#ifdef VARIANT_OTHER_THREAD
    pthread_t thread;
    if (pthread_create(&thread, NULL, call_service, own) != 0) return BIO_E_IO;
    pthread_join(thread, NULL);
    return BIO_E_MISUSE;
#endif
#ifdef VARIANT_FORGES_A_HANDLE
    const bio_rootfs *rootfs = SERVICE(own, BIO_EXT_ROOTFS);
    if (rootfs) return rootfs->add_package(own->host, 0xDEADBEEF, 0);
#endif
#ifdef VARIANT_LIES
    const bio_progress *progress = SERVICE(own, BIO_EXT_PROGRESS);
    if (progress) progress->end(own->host, 4711);
#endif
#ifdef VARIANT_FLOODS
    const bio_log *log = SERVICE(own, BIO_EXT_LOG);
    bio_str line = TEXT("drip");
    for (int i = 0; log && i < 200000; i++) log->write(own->host, BIO_LOG_NOTE, &line);
#endif
#ifdef VARIANT_CHANGES_UMASK
    umask(0);
#endif
#ifdef VARIANT_LEAVES_A_THREAD
    pthread_t thread;
    if (pthread_create(&thread, NULL, wait_for_ever, NULL) != 0) return BIO_E_IO;
#endif
#ifdef VARIANT_LEAVES_A_DESCRIPTOR
    if (open("/dev/null", O_RDONLY) < 0) return BIO_E_IO;
#endif
#ifdef VARIANT_PRINTS
    puts("hello");
    fflush(stdout);
#endif
#ifdef VARIANT_WRITES_ELSEWHERE
    FILE *stray = fopen("stray.txt", "w");
    if (stray) fclose(stray);
#endif
#ifdef VARIANT_IGNORES_THE_USER
    const bio_cancel *cancel = SERVICE(own, BIO_EXT_CANCEL);
    while (cancel && cancel->requested(own->host)) sleep(1);
#endif
#ifdef VARIANT_FORKS
    if (fork() == 0) _exit(0);
#endif
#ifdef VARIANT_WATCHES_OTHERS
    ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
#endif
#ifdef VARIANT_CONNECTS
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    if (connection >= 0) close(connection);
#endif
    return BIO_OK;
}

static int32_t run(bio_exporter *exporter, const bio_job *job) {
    broken_exporter *own = (broken_exporter *)exporter;
    int32_t code = misbehave(own, job);
    if (code != BIO_OK) return code;
    char path[4200];
    snprintf(path, sizeof path, "%s/broken.txt", job->out_dir.ptr);
    FILE *file = fopen(path, "w");
    if (!file) return failed(own, BIO_E_IO, STR("cannot write the artifact"));
    for (uint32_t i = 0; i < job->graph->package_count; i++) {
        bio_file entry = {0};
        uint64_t count = 0;
        code = own->files->page(own->host, i, 0, &entry, 1, &count);
#ifdef VARIANT_SWALLOWS_FAULTS
        code = BIO_OK;
#endif
        if (code != BIO_OK) break;
        fprintf(file, "%s\n", job->graph->packages[i]->ident.ptr);
    }
    extra(file, own);
    if (fclose(file) != 0 && code == BIO_OK) code = failed(own, BIO_E_IO, STR("cannot write the artifact"));
    if (code != BIO_OK) return code;
#ifdef VARIANT_NEVER_MADE
    return BIO_OK;
#endif
#ifdef VARIANT_WRONG_SIZE
    return emit(own, STR("broken.txt"), 999);
#endif
    code = emit(own, STR("broken.txt"), 0);
#ifdef VARIANT_OTHER_CODE
    /* The service's reason is kept under whatever code. */
    code = emit(own, STR("../outside.txt"), 0) == BIO_OK ? BIO_OK : BIO_E_FAILED;
#endif
#ifdef VARIANT_SWAPS_FOR_A_LINK
    unlink(path);
    if (symlink("/etc/hostname", path) != 0) return BIO_E_IO;
#endif
    return code;
}

/* ---- create and destroy ---- */

static void destroy(bio_exporter *exporter) {
#ifdef VARIANT_DESTROY_CRASHES
    abort();
#endif
    free(exporter);
}

int32_t broken_create(const bio_format *format, const bio_host *host, bio_exporter **out) {
    (void)format;
#ifdef VARIANT_NO_EXPORTER
    (void)host;
    *out = NULL;
    return BIO_OK;
#endif
    broken_exporter *own = calloc(1, sizeof *own);
    if (!own) return BIO_E_LIMIT;
    bio_exporter base = {sizeof base, 0, NULL, validate, plan, run, destroy};
    own->base = base;
    own->host = host;
    own->files = SERVICE(own, BIO_EXT_FILES);
    own->fail = SERVICE(own, BIO_EXT_FAIL);
#ifndef VARIANT_NEEDS_UNASKED
    if (!own->files || !own->fail) {
        free(own);
        return BIO_E_UNSUPPORTED;
    }
#endif
#ifdef VARIANT_ONE_EXPORTER
    if (exporters > 0) {
        int32_t code = failed(own, BIO_E_MISUSE, STR("there is an exporter already"));
        free(own);
        return code;
    }
#endif
#if defined VARIANT_COUNTS_EXPORTERS || defined VARIANT_ONE_EXPORTER
    exporters++;
#endif
    *out = &own->base;
    return BIO_OK;
}

int32_t broken_create_changing(const bio_format *format, const bio_host *host, bio_exporter **out) {
    int32_t code = broken_create(format, host, out);
    if (code == BIO_OK) ((broken_exporter *)*out)->is_changing = 1;
    return code;
}
