/*
 * Keys and signatures that the openssl program made, as text. The signatures are over
 * FIXTURE_MESSAGE. The private keys are used nowhere else.
 */
#ifndef FF_CRYPT_TEST_FIXTURES_H
#define FF_CRYPT_TEST_FIXTURES_H

#define FIXTURE_MESSAGE "hello, fediverse"
#define FIXTURE_RSA_PEM                                                      \
	"-----BEGIN PUBLIC KEY-----\n"                                       \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqTpDqe++C9kTIYSLnaZE\n" \
	"yKKo06Ppx2YGDNFLRkuU3DpqbVGWC6/YQ1/1NwQv/eHb4bYymOPTd5l+FqEdURfb\n" \
	"mUFgLdpLlUp4HofA6v3xEV0CbSd25ko1Lr1w5YrhTkezl+Rkq/DtbiZVZWmG5svT\n" \
	"7q3Dnh0G2qyFMP+m3seOruIX9TDHnEkyrm4EcK0Ls/76Rz9g54Bcfbm6/QdTs0BE\n" \
	"ozK8rA3x8MJ55WA9xU4DhBoxQrypDAmaFf1aSLF8SIAC5i+eq3gHJyQRh9Wz/46/\n" \
	"x3WAcWIo97ciPYyMzzcdIiaGOv6vAeCddomMyzCgdychsEGw2LmmLa347Q60yQS5\n" \
	"UwIDAQAB\n"                                                         \
	"-----END PUBLIC KEY-----\n"
#define FIXTURE_RSA_PKCS1_PEM                                                \
	"-----BEGIN RSA PUBLIC KEY-----\n"                                   \
	"MIIBCgKCAQEAqTpDqe++C9kTIYSLnaZEyKKo06Ppx2YGDNFLRkuU3DpqbVGWC6/Y\n" \
	"Q1/1NwQv/eHb4bYymOPTd5l+FqEdURfbmUFgLdpLlUp4HofA6v3xEV0CbSd25ko1\n" \
	"Lr1w5YrhTkezl+Rkq/DtbiZVZWmG5svT7q3Dnh0G2qyFMP+m3seOruIX9TDHnEky\n" \
	"rm4EcK0Ls/76Rz9g54Bcfbm6/QdTs0BEozK8rA3x8MJ55WA9xU4DhBoxQrypDAma\n" \
	"Ff1aSLF8SIAC5i+eq3gHJyQRh9Wz/46/x3WAcWIo97ciPYyMzzcdIiaGOv6vAeCd\n" \
	"domMyzCgdychsEGw2LmmLa347Q60yQS5UwIDAQAB\n"                         \
	"-----END RSA PUBLIC KEY-----\n"
#define FIXTURE_RSA_PRIVATE                                                      \
	"MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQCpOkOp774L2RMhhIudpk" \
	"TIoqjTo+nHZgYM0UtGS5TcOmptUZYLr9hDX/U3BC/94dvhtjKY49N3mX4WoR1RF9uZQWAt" \
	"2kuVSngeh8Dq/fERXQJtJ3bmSjUuvXDliuFOR7OX5GSr8O1uJlVlaYbmy9PurcOeHQbarI" \
	"Uw/6bex46u4hf1MMecSTKubgRwrQuz/vpHP2DngFx9ubr9B1OzQESjMrysDfHwwnnlYD3F" \
	"TgOEGjFCvKkMCZoV/VpIsXxIgALmL56reAcnJBGH1bP/jr/HdYBxYij3tyI9jIzPNx0iJo" \
	"Y6/q8B4J12iYzLMKB3JyGwQbDYuaYtrfjtDrTJBLlTAgMBAAECggEAKfIvuG0c8cneNJYq" \
	"lyqR7RtodoEwHsU6pa2xF1z/qnDuVWd+JipxlA2yde8bSDZWLsXfF8eM8J3Cw7Au2J1tyL" \
	"iMMwFjb79UM9kZaAYG3XNs+Qpprd5h/VJmq/b3LtSV/wXVMEtZRs7Ipwj3r7iBMS2wCb6P" \
	"Jt/RadpMjfbv9ofbWh0oFUWJ2nXtY275J9yrJBWSeRGdgz0OzOAEIkESl+e6rJpAIz93gN" \
	"43DJfS2Zs6+s3e7N0Ia8iaO5yp8WA68t09N7hSB9qaDMcxBDcx7a9/nW7j8HkdQllgbG+q" \
	"QOcxVJIl+wavoHDmFvlUZACccg4K+zAm30VikTAQKedoSQKBgQDqNsW7oUdXaQuAOrDRU4" \
	"p3FEARLHPDmBF6ODdNb+axLFDDyfnzGFMG7pTjbsXT8+FFlCWTS792VvhQ+0l8UY+heIzp" \
	"3nlwi8bhotuQMfhNUBUFuZK0ThrtS/8Ma1jraUtL75QiH/+joHXW+9MxDZ0n5g0FMoEGzQ" \
	"KTWKHtc/JUGwKBgQC4+ACHA3fP4I2cwAes+OV9cXCQW1mmhfFX7Y+TwKvpipekjO60mp5K" \
	"DkmwChoZ1yc0uanRqvPMaWRM4dn6LiwUQQrBRFSM+aw4jFHt+qPM/y7JMyZGaVfpJn5aR4" \
	"wcC1U3Qb2LlFdNIyOURsgMVkHw/FoE6d2Il0932fXSo9nTKQKBgQDf3FpCbHRz58NGXNKE" \
	"QQUnrANQZtx/JuoNl43ERiCJV4IaoQJ2h9lT1tYYS9hqLcAzcNY5Yz0tLxNI0+X5HTvbag" \
	"3Fuw73s6H0KGUT/a8GtnRhdG30SHMUPH8ar7/dwlZlzigYNd1x1/zJ7wh86jY73Ha1cQBC" \
	"L9E2ZJDhFOGZ4QKBgBBD5q/4sxl5kppdHI+uV2ffiNl43vpQvvdPcZe5kqR3xnv21KrXCe" \
	"JTPVGYodDx5YWyaeeBE+0+u04zchqY4tFpIsv5+UFoVyel1zKJHsxRCEkzEUOR0eQzuVqw" \
	"/fYdXQH96vASPFcRJvjL/J1xHF1Xo4bZFd0ECT3t0bsTI315AoGBAIstW3+8Ob5Zn0mw3d" \
	"m9+IJFH18pMP364gxa20QHsMtSa4p0OfT45HJUnRIimur//71AeLVgliPAcru4Kdda6u3y" \
	"oIjPHYe4TQDq7OMWIZ25wOSoQ+iwbHil/HxvQbVpQsm66GUsMDDJ6wbUH4oB3r0B36mKyt" \
	"XPvnb8xsVj1M6U"
#define FIXTURE_RSA_SIGNATURE                                                    \
	"Hj7uYUCMlIBrnrvTurgGR8PpjERcMUq+Jg1HSSXA/ywu2fLogooC6JX7Wv30mfwCpqmzYh" \
	"36zFmf8Xt7GSviAJ80mKe0vKKSd7R3RY643ytw9KBNVJfh9nt5W1GEo0YvHOeL4G83uTXk" \
	"Cuw47agLiwIRUOWmA3EypYRfqy6gNZM9Yf2mYbay60pa1v9YJ7egoe0opKCkkn5iMQF3iX" \
	"HZIrO3Ul6yH9syz/kGV3NLm8q4NfxyaG/zqJZ66e8tAOunxfSnvSGzkB1DT/vtK4paI9ue" \
	"qcNcAvmdiBtMJcL8P2SDphMPkfvycPjUX6AwqSyHFuYOye1I8GNiOzg6gTjyaw=="
#define FIXTURE_RSA_PSS_SIGNATURE                                                \
	"iE1A3500B8rSkOiQrZGEHTsNiVnc9QcnsjYnkKAb+vTiANikYRqmCtT8DRmTr0UQ/msd1Z" \
	"ENfjNHSBzWnf+8RV0AEwPoV6OTCNT/SbkHll3nfmphiGPKP/uy7IQBiGgAElc145z1eeaZ" \
	"FR3ccKc++I0ZUJH7hpoYtQEoeYWDYVzCiC51AwRDj/gf0NhXGJr8/KfM2Zox3qFyjYWUEO" \
	"twX+Hl5LsqaLAX4jAdW3a/MFpOilmuLwGWgbYqa6qcd//KovHN2MKNQE0f5ygF+C3sSPJh" \
	"GKlupiotumoB1xvXLBIMwlbrQt88w8yN28fJ+7HtuJ6uwW6HN926YFcDlUpttQ=="
#define FIXTURE_ED25519_PEM                                              \
	"-----BEGIN PUBLIC KEY-----\n"                                   \
	"MCowBQYDK2VwAyEAO9Z+xWCnqLFfonn05k3CV9VMO51MmHwV9uwQR0TQOew=\n" \
	"-----END PUBLIC KEY-----\n"
#define FIXTURE_ED25519_PRIVATE_PEM                                          \
	"-----BEGIN PRIVATE KEY-----\n"                                      \
	"MC4CAQAwBQYDK2VwBCIEIKNGzFGFLTNjQcl39YL0VjdCYbdpbv5VlLODhmJ4xiZX\n" \
	"-----END PRIVATE KEY-----\n"
#define FIXTURE_CERTIFICATE_PEM                                              \
	"-----BEGIN CERTIFICATE-----\n"                                      \
	"MIIBLDCB36ADAgECAhRxa8XFGKkgcmEn1LpcbRPs0HIQnzAFBgMrZXAwDDEKMAgG\n" \
	"A1UEAwwBeDAeFw0yNjExMjAxMTMyMDJaFw0yNjExMjExMTMyMDJaMAwxCjAIBgNV\n" \
	"BAMMAXgwKjAFBgMrZXADIQA71n7FYKeosV+iefTmTcJX1Uw7nUyYfBX27BBHRNA5\n" \
	"7KNTMFEwHQYDVR0OBBYEFBEdXCGlGR8g/yDlrs8WZ39P/QHlMB8GA1UdIwQYMBaA\n" \
	"FBEdXCGlGR8g/yDlrs8WZ39P/QHlMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EA\n" \
	"p+IhZUy7n0IQ7Wr5Zrbok+NZ0Ye0fDAaK+bIiluM5TakrT0NHrIa05Y1u/J4gYv/\n" \
	"Q54StNBjqa1H/uroK9atCA==\n"                                         \
	"-----END CERTIFICATE-----\n"
#define FIXTURE_ED448_PEM                                                    \
	"-----BEGIN PUBLIC KEY-----\n"                                       \
	"MEMwBQYDK2VxAzoA1YudS97HbaqNuti3cIUYxtxPHnCFlYwi5BFRAgHIexot/ZmD\n" \
	"5jvq2w+/ODusHZmzkr6IfqSmb/yA\n"                                     \
	"-----END PUBLIC KEY-----\n"
#define FIXTURE_X25519_PEM                                               \
	"-----BEGIN PUBLIC KEY-----\n"                                   \
	"MCowBQYDK2VuAyEAO/8sVntVYL7FIqK6vbgow5RIQPXJn0PdalsMAiAI+UQ=\n" \
	"-----END PUBLIC KEY-----\n"
#define FIXTURE_EC_PEM                                                       \
	"-----BEGIN PUBLIC KEY-----\n"                                       \
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEOPuPlzshx6zbSBMLwKJ+s2PRa4Oy\n" \
	"5bMxLTqxe5se9sR1nNsg5YptgHx4CRm6+Y/is/CdSNQDT+T0owveYsjJSg==\n"     \
	"-----END PUBLIC KEY-----\n"
#define FIXTURE_DSA_PEM                                                      \
	"-----BEGIN PUBLIC KEY-----\n"                                       \
	"MIIBwDCCATQGByqGSM44BAEwggEnAoGBANZhNMWEvWHIGcbEFK9SK76pYrmTARN6\n" \
	"aRJmfHwVeZfXExBQkFms9nMwHTrsf+76Ub38hKvwYss+kptd5nipbLiIfgYjX5gq\n" \
	"w2l7RyeltX3vOvhUjCZmB5VgC36/FVEV0Oxwp01NI9kn3ynGNdvT28SAomVsb0s5\n" \
	"bT9d8dEKWsRHAh0Ai/MrslH7N46GHjvKG1fPR5CbmMKTuEoBEJAcswKBgQC0UFJ2\n" \
	"AhGUd2TirbQCh9jLFpKhHY25tWtrEMSxlDWa78p4zJngaXWIR8QuMPaj1XPdaK0F\n" \
	"H0I4DPjwZRy//35T7/OAYGgtGJ4Jh9idmthi4r+rLBJXcFb4mNwGchsjUBYiKrcg\n" \
	"x2QQUCrSORQPJxf1xABpdegwPO6nDtVo/QSugQOBhQACgYEAuWgLyZhLttDhGk61\n" \
	"LwrhXLorC5d+gR0rLdZ/brxQbqn2wFMzJgj1aakVEBHgs6CPLfqFGFNciqzCttg7\n" \
	"lU/Ss7dYU0vJ1pqFTm5R+wDP5OGHX+/b3NvCb+KK3Jp1ZCkjo8ZEjv5GeTM0p4Kp\n" \
	"cafpOWaZjOM5Zo5tAIFczGmhQXU=\n"                                     \
	"-----END PUBLIC KEY-----\n"
#define FIXTURE_RSA_PSS_PEM                                                  \
	"-----BEGIN PUBLIC KEY-----\n"                                       \
	"MIIBIDALBgkqhkiG9w0BAQoDggEPADCCAQoCggEBAJ680ATkNgOf+2IN7KqL/00Z\n" \
	"ssL6l3mND6LzQc+S9+d1BA0YTU3v/Tk2ScABJCqTmCTgNkXTrSfyPXAkVmv+N+Qf\n" \
	"3AfzSvu/sJXtmWHJRtBHAmDOrzrUSH3akZReJy8rBn1EQB0Dzf3XZKucZfp2cQPS\n" \
	"zlrmthk5m3F61mDY3yFwwqMQ9c4psgd5ME1yPSZ57R6zte6x3dWuLB/tvhSjis/g\n" \
	"d8csL+ZqPQ1E+D9qtUdvqwFsKaK4+7EWeKnBRSbd90hp35C71AQLWIAU9Mne/Mnm\n" \
	"dwUMil4/IjqS+mn5p8Zq31XuKcXxbULL7z/tDe+EcieXktaOV9f5okjcSFCCzeUC\n" \
	"AwEAAQ==\n"                                                         \
	"-----END PUBLIC KEY-----\n"
#define FIXTURE_RSA1024_PEM                                                  \
	"-----BEGIN PUBLIC KEY-----\n"                                       \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDD4ZbqzedkSoURgNIdYnONfrJ0\n" \
	"RpwcRqUEOfH/Sc6dSt4LEEE3BGReo/+MG0AlO2Hc8o6JeiwE3lcLYvrJObIZlSdL\n" \
	"QBEQ2fS/SRoD+dA+zAf0D+HpconQFbwMY2i1oMYe8mQ1xwuUPABrqFU5xw8+dK53\n" \
	"rAnJYbGSffInNBi3rQIDAQAB\n"                                         \
	"-----END PUBLIC KEY-----\n"

#endif
