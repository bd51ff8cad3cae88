// What checks the certificate of a purge without a database: pure, for who verifies one.
export { CERTIFICATE_KIND, verifyCertificate, type CertificateBody } from './certificate.js';
