// SPDX-License-Identifier: Apache-2.0

#include "bio_curl.h"

#include <bio_system.h>
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define FUNCTIONS(each)       \
    each(curl_global_init)    \
    each(curl_easy_init)      \
    each(curl_easy_setopt)    \
    each(curl_easy_getinfo)   \
    each(curl_easy_pause)     \
    each(curl_easy_strerror)  \
    each(curl_easy_cleanup)   \
    each(curl_slist_append)   \
    each(curl_slist_free_all) \
    each(curl_multi_init)     \
    each(curl_multi_cleanup)  \
    each(curl_multi_add_handle)    \
    each(curl_multi_remove_handle) \
    each(curl_multi_perform)  \
    each(curl_multi_poll)     \
    each(curl_multi_info_read)

#define INDEX(name) index_##name,
#define NAME(name) #name,
enum { FUNCTIONS(INDEX) function_count };
static const char *const names[] = {FUNCTIONS(NAME)};
static void *slots[function_count];
static bio_late_library library = {"libcurl.so.4", names, slots, function_count, 0};

#define CALL(name) ((__typeof__(&name))slots[index_##name])

static pthread_once_t start_once = PTHREAD_ONCE_INIT;
static CURLcode started;
static void start(void) { started = CALL(curl_global_init)(CURL_GLOBAL_DEFAULT); }

struct bio_connections {
    CURLM *multi;
};

struct bio_exchange {
    bio_connections *connections;
    CURL *easy;
    struct curl_slist *headers;
    bio_exchange_calls calls;
    void *context;
    const char *body;
    size_t body_length, body_given;
    /// Connections that were made for the exchange when the first byte of its body was asked for; -1 before.
    long connections_made;
    int is_over, is_cut;
    CURLcode result;
    char text[CURL_ERROR_SIZE];
};

bio_connections *bio_connections_new(const char **problem) {
    *problem = bio_late_bind(&library);
    if (*problem) return NULL;
    pthread_once(&start_once, start);
    *problem = "libcurl cannot be started";
    if (started != CURLE_OK) return NULL;
    bio_connections *connections = malloc(sizeof *connections);
    if (!connections) return NULL;
    connections->multi = CALL(curl_multi_init)();
    if (!connections->multi) {
        free(connections);
        return NULL;
    }
    *problem = NULL;
    return connections;
}

void bio_connections_free(bio_connections *connections) {
    CALL(curl_multi_cleanup)(connections->multi);
    free(connections);
}

/// A connection that was kept may turn out to be gone when the request goes out. libcurl makes a new one then, and goes
/// on with whatever is left of the body, or sends it twice: such an exchange must end instead.
static int is_another_connection(bio_exchange *exchange) {
    long made = 0;
    CALL(curl_easy_getinfo)(exchange->easy, CURLINFO_NUM_CONNECTS, &made);
    if (exchange->connections_made < 0) exchange->connections_made = made;
    return exchange->connections_made != made;
}

static size_t give_whole_body(bio_exchange *exchange, char *room, size_t length) {
    size_t left = exchange->body_length - exchange->body_given;
    size_t given = length < left ? length : left;
    memcpy(room, exchange->body + exchange->body_given, given);
    exchange->body_given += given;
    return given;
}

static size_t give_body(char *room, size_t size, size_t count, void *context) {
    bio_exchange *exchange = context;
    if (is_another_connection(exchange)) {
        exchange->is_cut = 1;
        return CURL_READFUNC_ABORT;
    }
    if (exchange->body) return give_whole_body(exchange, room, size * count);
    ssize_t given = exchange->calls.body(exchange->context, room, size * count);
    if (given == BIO_BODY_LATER) return CURL_READFUNC_PAUSE;
    return given < 0 ? CURL_READFUNC_ABORT : (size_t)given;
}

/// libcurl wants to begin the body again, on another connection: only when nothing of it was asked for.
static int seek_body(void *context, curl_off_t offset, int origin) {
    bio_exchange *exchange = context;
    int is_untouched = exchange->connections_made < 0 && origin == SEEK_SET && offset == 0;
    return is_untouched ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

static size_t take_line(char *bytes, size_t size, size_t count, void *context) {
    bio_exchange *exchange = context;
    exchange->calls.line(exchange->context, bytes, size * count);
    return size * count;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context) {
    bio_exchange *exchange = context;
    size_t length = size * count;
    // Every other number than the one offered ends the transfer.
    return exchange->calls.receive(exchange->context, bytes, length) ? length : CURL_WRITEFUNC_ERROR;
}

/// The header lists grow at their end; a NULL means no memory, and leaves the list as it was.
static int add_header(bio_exchange *exchange, const char *line) {
    struct curl_slist *longer = CALL(curl_slist_append)(exchange->headers, line);
    if (longer) exchange->headers = longer;
    return longer != NULL;
}

static int add_headers(bio_exchange *exchange, const bio_exchange_plan *plan) {
    for (size_t i = 0; i < plan->header_count; i++)
        if (!add_header(exchange, plan->headers[i])) return 0;
    // Else libcurl waits a second for a leave that engines do not give before it sends a large body.
    return add_header(exchange, "Expect:");
}

#define SET(option, value) (CALL(curl_easy_setopt)(easy, option, value) == CURLE_OK)

static int set_request(CURL *easy, const bio_exchange_plan *plan) {
    // libcurl before 7.85 does not know the list; the URL's own protocol is one of these, and no redirect is followed.
    CURLcode listed = CALL(curl_easy_setopt)(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    int ok = SET(CURLOPT_URL, plan->url) && SET(CURLOPT_PATH_AS_IS, 1L) &&
             (listed == CURLE_OK || listed == CURLE_UNKNOWN_OPTION);
    if (plan->socket_path)
        ok = ok && SET(CURLOPT_UNIX_SOCKET_PATH, plan->socket_path) && SET(CURLOPT_PROXY, "");
    if (plan->body_length != BIO_LENGTH_NONE) {
        curl_off_t length = plan->body_length == BIO_LENGTH_OPEN ? -1 : (curl_off_t)plan->body_length;
        ok = ok && SET(CURLOPT_UPLOAD, 1L) && SET(CURLOPT_INFILESIZE_LARGE, length) &&
             SET(CURLOPT_UPLOAD_BUFFERSIZE, 512L << 10);
    }
    ok = ok && SET(CURLOPT_FRESH_CONNECT, (long)(plan->wants_fresh_connection != 0));
    // Signatures are made of bodies that libcurl has.
    if (plan->aws_scope && plan->body)
        ok = ok && SET(CURLOPT_UPLOAD, 0L) && SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)plan->body_length) &&
             SET(CURLOPT_POSTFIELDS, plan->body);
    if (strcmp(plan->method, "HEAD") == 0) return ok && SET(CURLOPT_NOBODY, 1L);
    return ok && SET(CURLOPT_CUSTOMREQUEST, plan->method);
}

static int set_calls(bio_exchange *exchange) {
    CURL *easy = exchange->easy;
    return SET(CURLOPT_PRIVATE, exchange) && SET(CURLOPT_HTTPHEADER, exchange->headers) &&
           SET(CURLOPT_READFUNCTION, give_body) && SET(CURLOPT_READDATA, exchange) &&
           SET(CURLOPT_SEEKFUNCTION, seek_body) && SET(CURLOPT_SEEKDATA, exchange) &&
           SET(CURLOPT_HEADERFUNCTION, take_line) && SET(CURLOPT_HEADERDATA, exchange) &&
           SET(CURLOPT_WRITEFUNCTION, take_body) && SET(CURLOPT_WRITEDATA, exchange) &&
           SET(CURLOPT_ERRORBUFFER, exchange->text);
}

static int set_ways(CURL *easy, const bio_exchange_plan *plan) {
    return SET(CURLOPT_NOSIGNAL, 1L) && SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
           SET(CURLOPT_BUFFERSIZE, 128L << 10) &&
           // One connection carries one exchange: nothing is won by streams, and much code is left out.
           SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
           (!plan->ignores_proxies || SET(CURLOPT_NOPROXY, "*")) &&
           SET(CURLOPT_CONNECTTIMEOUT_MS, (long)plan->connect_milliseconds);
}

static int set_tls(CURL *easy, const bio_exchange_tls *tls) {
    int ok = SET(CURLOPT_SSL_VERIFYPEER, (long)!tls->accepts_anybody) &&
             SET(CURLOPT_SSL_VERIFYHOST, tls->accepts_anybody ? 0L : 2L);
    if (tls->authorities) {
        struct curl_blob blob = {(void *)tls->authorities, tls->authority_bytes, CURL_BLOB_NOCOPY};
        ok = ok && SET(CURLOPT_CAINFO_BLOB, &blob);
    }
    if (tls->certificate) ok = ok && SET(CURLOPT_SSLCERT, tls->certificate);
    // Else OpenSSL asks for a passphrase on the terminal, and waits there past all limits.
    if (tls->key) ok = ok && SET(CURLOPT_SSLKEY, tls->key) && SET(CURLOPT_KEYPASSWD, "");
    return ok;
}

static int set_signature(CURL *easy, const bio_exchange_plan *plan) {
    return !plan->aws_scope ||
           (SET(CURLOPT_AWS_SIGV4, plan->aws_scope) && SET(CURLOPT_USERNAME, plan->aws_access_key) &&
            SET(CURLOPT_PASSWORD, plan->aws_secret_key));
}

bio_exchange *bio_exchange_new(bio_connections *connections, const bio_exchange_plan *plan) {
    bio_exchange *exchange = calloc(1, sizeof *exchange);
    if (!exchange) return NULL;
    exchange->calls = plan->calls;
    exchange->context = plan->context;
    exchange->body = plan->body;
    exchange->body_length = plan->body ? (size_t)plan->body_length : 0;
    exchange->connections_made = -1;
    CURL *easy = exchange->easy = CALL(curl_easy_init)();
    if (!easy || !add_headers(exchange, plan) || !set_request(easy, plan) || !set_calls(exchange) ||
        !set_ways(easy, plan) || !set_tls(easy, &plan->tls) || !set_signature(easy, plan) ||
        CALL(curl_multi_add_handle)(connections->multi, easy) != CURLM_OK) {
        bio_exchange_free(exchange);
        return NULL;
    }
    exchange->connections = connections;
    return exchange;
}

/// Other exchanges of the same connections may end meanwhile: each is told about itself.
static void collect(CURLM *multi) {
    int left;
    CURLMsg *message;
    while ((message = CALL(curl_multi_info_read)(multi, &left))) {
        if (message->msg != CURLMSG_DONE) continue;
        char *owner = NULL;
        CURLcode result = message->data.result;
        CALL(curl_easy_getinfo)(message->easy_handle, CURLINFO_PRIVATE, &owner);
        ((bio_exchange *)(void *)owner)->is_over = 1;
        ((bio_exchange *)(void *)owner)->result = result;
    }
}

int bio_exchange_perform(bio_exchange *exchange) {
    if (exchange->is_over) return 0;
    int running;
    CURLMcode code = CALL(curl_multi_perform)(exchange->connections->multi, &running);
    collect(exchange->connections->multi);
    if (code != CURLM_OK && !exchange->is_over) {
        exchange->is_over = 1;
        exchange->result = CURLE_FAILED_INIT;
    }
    return !exchange->is_over;
}

void bio_exchange_wait(bio_exchange *exchange, int milliseconds) {
    CALL(curl_multi_poll)(exchange->connections->multi, NULL, 0, milliseconds, NULL);
}

void bio_exchange_resume(bio_exchange *exchange) { CALL(curl_easy_pause)(exchange->easy, CURLPAUSE_CONT); }

int64_t bio_exchange_moved(bio_exchange *exchange) {
    curl_off_t up = 0, down = 0;
    long head = 0;
    CALL(curl_easy_getinfo)(exchange->easy, CURLINFO_SIZE_UPLOAD_T, &up);
    CALL(curl_easy_getinfo)(exchange->easy, CURLINFO_SIZE_DOWNLOAD_T, &down);
    CALL(curl_easy_getinfo)(exchange->easy, CURLINFO_HEADER_SIZE, &head);
    return (int64_t)up + (int64_t)down + head;
}

int bio_exchange_status(bio_exchange *exchange) {
    long status = 0;
    CALL(curl_easy_getinfo)(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
    return (int)status;
}

bio_exchange_ending bio_exchange_how_ended(bio_exchange *exchange) {
    if (exchange->is_cut) return BIO_EXCHANGE_CUT;
    if (exchange->result == CURLE_RECV_ERROR && bio_exchange_proxy_status(exchange) >= 300)
        return BIO_EXCHANGE_PROXY_REFUSED;
    // Of TLS 1.3 a client's certificate is refused when the handshake is over for the client.
    if (exchange->result == CURLE_RECV_ERROR && strstr(exchange->text, " alert ")) return BIO_EXCHANGE_NO_TLS;
    switch (exchange->result) {
    case CURLE_OK: return BIO_EXCHANGE_DONE;
    case CURLE_COULDNT_RESOLVE_PROXY: return BIO_EXCHANGE_NO_PROXY_HOST;
    case CURLE_SSL_CONNECT_ERROR: return BIO_EXCHANGE_NO_TLS;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS: return BIO_EXCHANGE_DISTRUSTED;
    case CURLE_SSL_CERTPROBLEM: return BIO_EXCHANGE_OWN_CERTIFICATE;
    case CURLE_SSL_CACERT_BADFILE: return BIO_EXCHANGE_AUTHORITIES;
    case CURLE_COULDNT_CONNECT: return BIO_EXCHANGE_NOT_CONNECTED;
    case CURLE_COULDNT_RESOLVE_HOST: return BIO_EXCHANGE_NO_HOST;
    // No other limit of time is set.
    case CURLE_OPERATION_TIMEDOUT: return BIO_EXCHANGE_CONNECT_SLOW;
    case CURLE_SEND_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE: return BIO_EXCHANGE_CUT;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING: return BIO_EXCHANGE_MALFORMED;
    case CURLE_ABORTED_BY_CALLBACK:
    case CURLE_WRITE_ERROR: return BIO_EXCHANGE_STOPPED;
    default: return BIO_EXCHANGE_FAILED;
    }
}

bio_distrust bio_exchange_distrust(bio_exchange *exchange) {
    long result = 0;
    CALL(curl_easy_getinfo)(exchange->easy, CURLINFO_SSL_VERIFYRESULT, &result);
    // Names are compared by libcurl itself, which has words for the result and no number.
    if (strstr(exchange->text, "subject name") || strstr(exchange->text, "does not match"))
        return BIO_DISTRUST_OTHER_NAME;
    // OpenSSL's numbers (x509_vfy.h).
    switch (result) {
    case 2: case 18: case 19: case 20: case 21: return BIO_DISTRUST_UNKNOWN_AUTHORITY;
    case 9: return BIO_DISTRUST_NOT_YET_VALID;
    case 10: return BIO_DISTRUST_EXPIRED;
    case 23: return BIO_DISTRUST_REVOKED;
    case 62: case 64: return BIO_DISTRUST_OTHER_NAME;
    default: return BIO_DISTRUST_OTHER;
    }
}

int bio_exchange_proxy_status(bio_exchange *exchange) {
    long status = 0;
    CALL(curl_easy_getinfo)(exchange->easy, CURLINFO_HTTP_CONNECTCODE, &status);
    return (int)status;
}

const char *bio_exchange_system_authorities(void) {
    CURL *easy = CALL(curl_easy_init)();
    char *directory = NULL, *file = NULL;
    if (!easy) return NULL;
    // Both are constants of libcurl. One that is too old to know them was built by distributions that have a directory.
    CALL(curl_easy_getinfo)(easy, CURLINFO_CAPATH, &directory);
    CALL(curl_easy_getinfo)(easy, CURLINFO_CAINFO, &file);
    CALL(curl_easy_cleanup)(easy);
    return directory ? NULL : file;
}

int bio_exchange_error_number(bio_exchange *exchange) {
    long number = 0;
    CALL(curl_easy_getinfo)(exchange->easy, CURLINFO_OS_ERRNO, &number);
    return (int)number;
}

const char *bio_exchange_text(bio_exchange *exchange) {
    return exchange->text[0] ? exchange->text : CALL(curl_easy_strerror)(exchange->result);
}

void bio_exchange_free(bio_exchange *exchange) {
    if (exchange->connections) CALL(curl_multi_remove_handle)(exchange->connections->multi, exchange->easy);
    if (exchange->easy) CALL(curl_easy_cleanup)(exchange->easy);
    CALL(curl_slist_free_all)(exchange->headers);
    free(exchange);
}
