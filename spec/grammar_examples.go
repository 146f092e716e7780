package spec

// Examples that are too long to stand beside what they are examples of.

const catalogExample = `errgen: v1
vendor: acme
title: Acme API
source: {document: Acme API reference, checked: 2026-11-21}

envelope:
  code: $.error.code
  message: $.error.message

delay:
  - {header: Retry-After}
  - {body: $.error.retry_in, unit: s}

status:
  5xx: transient

errors:
  - code: RATE_LIMITED
    status: 429
    meaning: This minute's requests are used up.
    action: Wait as long as the response says.
    details: {retry_in: {type: duration, unit: s, body: $.error.retry_in}}
    examples:
      - status: 429
        body: '{"error":{"code":"RATE_LIMITED","message":"Slow down","retry_in":60}}'
        expect: {wait: 60s}
`

const entryExample = `code: QUOTA_EXCEEDED
status: 429
class: quota
meaning: The month's requests are used up.
action: Hold back until reset_at, or have the quota raised.
details:
  limit: int
  reset_at: {type: time, unit: rfc3339, meaning: When the quota is renewed.}
examples:
  - status: 429
    now: 2026-03-31T23:00:00Z
    body: '{"code":"QUOTA_EXCEEDED","limit":50000,"reset_at":"2026-04-01T00:00:00Z"}'
    expect: {wait: 1h, details: {limit: 50000}}
`
