-- Everything of one institution
-- By an identifier that the outside world knows too. An institution may teach one offering and sign another: role says
-- which. By our own identifier: begin at v1_offering_organisations.
-- :scheme Kind of the identifier: schac, ror, eter, deqar, pic, vat, ... Example: schac
-- :identifier The identifier. Example: north.example
SELECT o.offering_id, o.title, l.role, o.feed, o.trust_status, o.status
FROM v1_provider_identifiers i
JOIN v1_offering_organisations l ON l.provider_id = i.provider_id
JOIN v1_offerings o ON o.offering_id = l.offering_id
WHERE i.scheme = :scheme AND i.identifier = :identifier AND o.status <> 'withdrawn'
ORDER BY l.role, o.title, o.offering_id
