// SPDX-License-Identifier: Apache-2.0
// HTTP exchanges by libcurl, whose variadic calls Swift cannot make. libcurl is bound on first use, so that a program
// start does not pay for it.

#ifndef BIO_CURL_H
#define BIO_CURL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Connections that are kept open from one exchange to the next. One thread at a time.
typedef struct bio_connections bio_connections;
/// One request and its response. One thread at a time, and not while another exchange of its connections is called.
typedef struct bio_exchange bio_exchange;

/// What `body` returns instead of a number of bytes: none are there yet; the exchange is to end.
enum { BIO_BODY_LATER = -1, BIO_BODY_STOP = -2 };
/// What a length can be besides a number: no body at all; a body that ends when it ends.
enum { BIO_LENGTH_NONE = -1, BIO_LENGTH_OPEN = -2 };

/// Called from within `bio_exchange_perform` only, with the context of the plan.
typedef struct bio_exchange_calls {
    /// Puts up to `count` bytes of the request's body into `room`: their number, 0 at the end, or one of the above.
    ssize_t (*_Nonnull body)(void *_Nullable context, void *_Nonnull room, size_t count);
    /// A line of the response's head, as it came.
    void (*_Nonnull line)(void *_Nullable context, const void *_Nonnull bytes, size_t count);
    /// Bytes of the response's body; 0 ends the exchange.
    int (*_Nonnull receive)(void *_Nullable context, const void *_Nonnull bytes, size_t count);
} bio_exchange_calls;

/// Whom the client believes, and who it is. Paths of PEM files.
typedef struct bio_exchange_tls {
    /// Certificates in PEM that are believed besides those in the system's directory, `authority_bytes` of them, which
    /// must stay until the exchange is freed; or NULL.
    const void *_Nullable authorities;
    size_t authority_bytes;
    const char *_Nullable certificate;
    const char *_Nullable key;
    int accepts_anybody;
} bio_exchange_tls;

typedef struct bio_exchange_plan {
    const char *_Nonnull method;
    const char *_Nonnull url;
    /// The unix socket that is spoken to instead of the URL's host, or NULL.
    const char *_Nullable socket_path;
    /// `Name: value`, `header_count` of them.
    const char *_Nullable const *_Nullable headers;
    size_t header_count;
    int64_t body_length;
    /// The whole body where it is in memory, `body_length` bytes that must stay until the exchange is freed; or NULL:
    /// `calls.body` is asked.
    const void *_Nullable body;
    /// Whether no connection that was used before will do.
    int wants_fresh_connection;
    /// Whether the proxies that the environment names (http_proxy, https_proxy, all_proxy, no_proxy) are left aside.
    int ignores_proxies;
    int64_t connect_milliseconds;
    bio_exchange_tls tls;
    /// `aws:amz:REGION:SERVICE`: the request is signed so (AWS signature version 4) with the two keys; or NULL.
    const char *_Nullable aws_scope;
    const char *_Nullable aws_access_key;
    const char *_Nullable aws_secret_key;
    bio_exchange_calls calls;
    void *_Nullable context;
} bio_exchange_plan;

/// How an exchange ended.
typedef enum bio_exchange_ending {
    BIO_EXCHANGE_DONE,
    BIO_EXCHANGE_NOT_CONNECTED,
    BIO_EXCHANGE_NO_HOST,        // its name cannot be resolved
    BIO_EXCHANGE_CONNECT_SLOW,   // not connected within the time of the plan
    BIO_EXCHANGE_CUT,            // the connection ended before the response did
    BIO_EXCHANGE_MALFORMED,      // what came is no HTTP
    BIO_EXCHANGE_STOPPED,        // one of the calls asked for it
    BIO_EXCHANGE_NO_PROXY_HOST,  // the proxy's name cannot be resolved
    BIO_EXCHANGE_PROXY_REFUSED,  // the proxy makes no way to the host: see the status
    BIO_EXCHANGE_NO_TLS,         // both sides did not come to an agreement
    BIO_EXCHANGE_DISTRUSTED,     // the server's certificate is not believed: see the reason
    BIO_EXCHANGE_OWN_CERTIFICATE,  // the client's own certificate or key cannot be used
    BIO_EXCHANGE_AUTHORITIES,    // the authorities that are to be believed cannot be read
    BIO_EXCHANGE_FAILED,         // anything else: see the text
} bio_exchange_ending;

/// Why a certificate is not believed.
typedef enum bio_distrust {
    BIO_DISTRUST_OTHER,
    BIO_DISTRUST_EXPIRED,
    BIO_DISTRUST_NOT_YET_VALID,
    BIO_DISTRUST_UNKNOWN_AUTHORITY,
    BIO_DISTRUST_OTHER_NAME,
    BIO_DISTRUST_REVOKED,
} bio_distrust;

/// NULL when libcurl cannot be bound or has no memory; `*problem` is then a static text.
bio_connections *_Nullable bio_connections_new(const char *_Nullable *_Nonnull problem);
void bio_connections_free(bio_connections *_Nonnull connections);

/// Begins an exchange; the plan's texts are copied. NULL when there is no memory. No call is made yet.
bio_exchange *_Nullable bio_exchange_new(
    bio_connections *_Nonnull connections, const bio_exchange_plan *_Nonnull plan);
/// Does what can be done without waiting: 1 while the exchange goes on, 0 when it has ended.
int bio_exchange_perform(bio_exchange *_Nonnull exchange);
/// Waits until something can be done, at most so long.
void bio_exchange_wait(bio_exchange *_Nonnull exchange, int milliseconds);
/// After BIO_BODY_LATER: there is more of the body now, or its end.
void bio_exchange_resume(bio_exchange *_Nonnull exchange);
/// How many bytes went either way so far.
int64_t bio_exchange_moved(bio_exchange *_Nonnull exchange);
/// The number of the response's status line, 0 before it came.
int bio_exchange_status(bio_exchange *_Nonnull exchange);
bio_exchange_ending bio_exchange_how_ended(bio_exchange *_Nonnull exchange);
/// The error number of connect(2), or 0; and libcurl's words, valid as long as the exchange.
int bio_exchange_error_number(bio_exchange *_Nonnull exchange);
const char *_Nonnull bio_exchange_text(bio_exchange *_Nonnull exchange);
bio_distrust bio_exchange_distrust(bio_exchange *_Nonnull exchange);
/// What a proxy said to the wish for a way to the host; 0: nothing.
int bio_exchange_proxy_status(bio_exchange *_Nonnull exchange);
/// The file of authorities that libcurl was built with, when it knows no directory of them, which would be read besides
/// others; NULL: others can be added.
const char *_Nullable bio_exchange_system_authorities(void);
/// Ends it where it is; the connection is closed unless the exchange was done.
void bio_exchange_free(bio_exchange *_Nonnull exchange);

#endif
