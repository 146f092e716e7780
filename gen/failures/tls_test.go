package failures

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"sync"
	"time"
)

// shop is the name in all certificates.
const shop = "shop.test"

// An authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// day is how long a certificate is good for, before and after today.
const day = 24 * time.Hour

// today is the client's clock, so that certificates do not depend on the real
// one, nor on that of a test whose time is not real.
func today() time.Time { return trusted().cert.NotBefore.Add(day) }

var trusted, rogue = sync.OnceValue(newAuthority), sync.OnceValue(newAuthority)

func newAuthority() *authority {
	a := &authority{key: must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"},
		NotBefore: time.Now().Add(-day), NotAfter: time.Now().Add(day),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, &a.key.PublicKey, a.key))
	a.cert = must(x509.ParseCertificate(der))
	return a
}

// issue makes a certificate for a host, good until the given instant.
func (a *authority) issue(host string, until time.Time) tls.Certificate {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: host},
		NotBefore: until.Add(-2 * day), NotAfter: until,
		DNSNames: []string{host}, KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der := must(x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// trusting is the client's side.
func trusting() *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(trusted().cert)
	return &tls.Config{RootCAs: pool, ServerName: shop, Time: today}
}

var goodCertificate = sync.OnceValue(func() tls.Certificate { return trusted().issue(shop, today().Add(day)) })

// secured is the server's side; set changes what is wrong with it.
func secured(set func(*tls.Config)) *tls.Config {
	c := &tls.Config{Certificates: []tls.Certificate{goodCertificate()}}
	if set != nil {
		set(c)
	}
	return c
}

// withCertificate is a server's side with another certificate.
func withCertificate(issue func() tls.Certificate) func(*tls.Config) {
	return func(c *tls.Config) { c.Certificates = []tls.Certificate{issue()} }
}

// overTLS runs a script within TLS. A handshake that fails leaves the
// connection open until the client, who is to read the alert, has closed it.
func overTLS(set func(*tls.Config), within script) script {
	return func(w *world, conn net.Conn) {
		secure := tls.Server(conn, secured(set))
		if secure.Handshake() != nil {
			w.hold(conn)
			return
		}
		defer secure.Close()
		within(w, secure)
	}
}
