using System.Text;
using CareCoordination.Application.Import;

namespace CareCoordination.Server.Tests.Import;

public sealed class ImportEntryTests
{
    private const string Uuid = "0f0e0d0c-0b0a-4908-8706-050403020100";

    [Theory]
    [InlineData(
        $$$"""{"fullUrl":"urn:uuid:{{{Uuid}}}","resource":{"resourceType":"Goal","id":"own"},"request":{"method":"PUT","url":"Goal/put"}}""",
        "put"
    )]
    [InlineData(
        $$$"""{"fullUrl":"urn:uuid:{{{Uuid}}}","resource":{"resourceType":"Goal","id":"own"},"request":{"method":"POST","url":"Goal"}}""",
        Uuid
    )]
    [InlineData($$$"""{"fullUrl":"urn:uuid:{{{Uuid}}}","resource":{"resourceType":"Goal","id":"own"}}""", "own")]
    [InlineData($$$"""{"fullUrl":"urn:uuid:{{{Uuid}}}","resource":{"resourceType":"Goal"}}""", Uuid)]
    [InlineData("""{"fullUrl":"https://ehr.example.org/fhir/Goal/7","resource":{"resourceType":"Goal"}}""", "7")]
    [InlineData(
        """{"fullUrl":"https://ehr.example.org/fhir/Goal/7","resource":{"resourceType":"Goal","id":"own"},"request":{"method":"POST","url":"Goal"}}""",
        "own"
    )]
    public void Gives_a_resource_the_id_it_is_known_by(string json, string id) =>
        Assert.Equal(id, ImportEntry.OfBundle(Encoding.UTF8.GetBytes(json), 1).AssignedId);

    [Fact]
    public void Gives_a_resource_without_a_name_an_id_that_depends_on_its_content_alone()
    {
        var goal = """{"resourceType":"Goal","description":{"text":"a"}}"""u8.ToArray();

        var id = ImportEntry.OfResource(goal, 1).AssignedId;

        Assert.Equal(id, ImportEntry.OfResource(goal, 99).AssignedId);
        Assert.NotEqual(
            id,
            ImportEntry.OfResource("""{"resourceType":"Goal","description":{"text":"b"}}"""u8.ToArray(), 1).AssignedId
        );
        Assert.True(Guid.TryParse(id, out _));
    }

    [Theory]
    [InlineData("""{"request":{"method":"POST","url":"Goal","ifNoneExist":"identifier=a|b"}}""", "identifier=a|b")]
    [InlineData("""{"request":{"method":"PUT","url":"Goal?identifier=a|b"}}""", "identifier=a|b")]
    [InlineData("""{"request":{"method":"PUT","url":"Goal/1"}}""", null)]
    [InlineData("""{"request":{"method":"POST","url":"Goal"}}""", null)]
    [InlineData("""{"request":[1],"fullUrl":{"a":[2]},"resource":{"resourceType":"Goal"}}""", null)]
    public void Knows_the_criteria_of_a_conditional_entry(string json, string? criteria) =>
        Assert.Equal(criteria, ImportEntry.OfBundle(Encoding.UTF8.GetBytes(json), 1).Criteria);

    [Fact]
    public void Finds_other_entries_by_their_full_url()
    {
        var addresses = new BundleAddresses();
        addresses.Add($"urn:uuid:{Uuid}", new("Goal", Uuid));
        addresses.Add("urn:uuid:1d0e0d0c-0b0a-4908-8706-050403020100", new("Patient", "found"));
        addresses.Add("urn:oid:1.2.3", new("Task", "t"));

        Assert.Equal(
            [$"Goal/{Uuid}", "Patient/found", "Task/t", null],
            new[]
            {
                $"urn:uuid:{Uuid}",
                "urn:uuid:1d0e0d0c-0b0a-4908-8706-050403020100",
                "urn:oid:1.2.3",
                "urn:oid:9",
            }.Select(addresses.Find)
        );
    }
}
