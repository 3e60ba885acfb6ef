using System.Text;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests;

/// <summary>
/// The official examples, damaged in all ways that chance finds, and addresses likewise: every answer is the server's own, and
/// none is its failure. The seed is fixed, so that a finding can be repeated.
/// </summary>
public sealed class MutationTests(SqliteServer shared) : ServerTests(shared)
{
    private const int Requests = 1500;

    [Fact]
    public async Task No_damaged_body_makes_the_server_fail()
    {
        var files = Directory
            .GetFiles(SharedMaterial.Require("r4-examples"), "*.json")
            .Where(f => new FileInfo(f).Length < 20_000)
            .Order(StringComparer.Ordinal)
            .ToArray();
        var random = new Random(20260311);
        var statuses = new SortedDictionary<int, int>();
        for (var n = 0; n < Requests; n++)
        {
            var file = files[random.Next(files.Length)];
            var type = Path.GetFileName(file).Split('-')[0];
            var body = Damage(await File.ReadAllBytesAsync(file), random);
            using var content = new ByteArrayContent(body);
            var path = random.Next(4) == 0 ? "" : type;
            var answer = await Server.SendAsync(HttpMethod.Post, path, content, "Content-Type: application/fhir+json");
            Assert.True(
                answer.Status is 200 or 201 or 400 or 404 or 412 or 413
                    || (answer.Status == 422 && type == "Subscription"),
                $"{answer.Status} for request {n} of {Path.GetFileName(file)}: {answer.Body}"
            );
            if (answer.Status >= 400)
                Assert.NotEmpty(answer.Issues);
            statuses[answer.Status] = statuses.GetValueOrDefault(answer.Status) + 1;
        }

        // Damage that never hits, or always, would test little.
        Assert.True(
            statuses.GetValueOrDefault(400) > Requests / 4 && statuses.GetValueOrDefault(201) > Requests / 20,
            string.Join(", ", statuses)
        );
    }

    [Fact]
    public async Task No_damaged_bundle_makes_the_server_fail()
    {
        var random = new Random(20260312);
        var bundle = Encoding.UTF8.GetBytes(
            Given.Transaction(
                Given.Entry(
                    "POST",
                    "Patient",
                    Given.PatientWith("m"),
                    "urn:uuid:7d3f0cbc-6d1e-4d2c-9a53-0d0f7a1b2c3d",
                    ",\"ifNoneExist\":\"identifier=urn:test|m\""
                ),
                Given.Entry("PUT", "CarePlan?identifier=urn:test|c", Given.CarePlan("c", "1")),
                Given.Entry("DELETE", "Task?identifier=urn:test|t"),
                Given.Entry("GET", "Patient?name=x&_include=Patient:organization"),
                Given.Entry("PUT", "Patient/mutant", Given.Patient("mutant"), more: ",\"ifMatch\":\"W/\\\"1\\\"\"")
            )
        );
        for (var n = 0; n < Requests; n++)
        {
            using var content = new ByteArrayContent(Damage(bundle, random));
            var answer = await Server.SendAsync(HttpMethod.Post, "", content, "Content-Type: application/fhir+json");
            Assert.True(answer.Status < 500, $"{answer.Status} for request {n}: {answer.Body}");
        }
    }

    [Fact]
    public async Task No_damaged_address_makes_the_server_fail()
    {
        var random = new Random(20260313);
        string[] addresses =
        [
            "Patient?name=a&birthdate=ge2020-01-01&_sort=-birthdate&_count=3",
            "Observation?code-value-quantity=http://loinc.org|8480-6$gt120&_include=Observation:subject",
            "Task?patient.identifier=a|b&status:not=completed&_revinclude=Provenance:target",
            "CarePlan?date=sa2020-02-30T25:61:61Z&_elements=status,intent&_total=accurate",
            "Patient/abc/_history/1?_since=2020-01-01",
            "Patient/abc/$everything?_type=Task&_count=5",
            "Patient?_lastUpdated=lt2026&_summary=text&identifier:missing=true&_cursor=AAAAAAAAAAAAAAAAAAAAAAAAAA",
        ];
        for (var n = 0; n < Requests; n++)
        {
            var address = Encoding.ASCII.GetString(
                Damage(Encoding.ASCII.GetBytes(addresses[random.Next(addresses.Length)]), random, ascii: true)
            );
            var answer = await Server.SendAsync(
                HttpMethod.Get,
                "/fhir/" + address.Replace("#", "%23", StringComparison.Ordinal),
                (string?)null
            );
            Assert.True(answer.Status < 500, $"{answer.Status} for {address}: {answer.Body}");
        }
    }

    private static byte[] Damage(byte[] original, Random random, bool ascii = false)
    {
        var bytes = original.ToList();
        for (var changes = random.Next(0, 4); changes > 0 && bytes.Count > 2; changes--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 24), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(ascii ? 33 : 0, ascii ? 127 : 256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes[at] = (byte)"\"{}[],:0-9.eE+\\/#?&=|$"[random.Next(22)];
                    break;
                case 4:
                    (bytes[at], bytes[random.Next(bytes.Count)]) = (bytes[random.Next(bytes.Count)], bytes[at]);
                    break;
                default:
                    bytes.RemoveRange(random.Next(2) == 0 ? at : 0, random.Next(8) == 0 ? length : Math.Min(1, length));
                    break;
            }
        }

        return [.. bytes];
    }
}
