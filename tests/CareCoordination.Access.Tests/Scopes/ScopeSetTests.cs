using CareCoordination.Access.Scopes;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Access.Tests.Scopes;

/// <summary>https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html</summary>
public sealed class ScopeSetTests
{
    private static readonly string[] Contexts = ["patient", "user", "system"];

    /// <summary>Each text of these letters, in any order and with repetitions, up to the length of all.</summary>
    private static IEnumerable<string> Texts(string letters, int length) =>
        length == 0 ? [""] : Texts(letters, length - 1).SelectMany(text => letters.Select(letter => text + letter));

    private static ScopeRights RightsOf(string letters) =>
        letters.Aggregate(
            ScopeRights.None,
            (rights, letter) =>
                rights
                | letter switch
                {
                    'c' => ScopeRights.Create,
                    'r' => ScopeRights.Read,
                    'u' => ScopeRights.Update,
                    'd' => ScopeRights.Delete,
                    _ => ScopeRights.Search,
                }
        );

    private static SmartScope One(string text) => Assert.Single(ScopeSet.Parse(text).Resources);

    private static void GrantsNothing(string scope)
    {
        var set = ScopeSet.Parse(scope);
        Assert.Empty(set.Resources);
        Assert.Empty(set.Others);
        Assert.Equal([scope], set.Unknown);
    }

    [Fact]
    public void Each_subset_of_cruds_in_order_grants_its_letters_and_every_other_text_of_them_grants_nothing()
    {
        var granted = 0;
        foreach (var letters in Enumerable.Range(1, 5).SelectMany(length => Texts("cruds", length)))
        {
            var isInOrder = letters
                .Zip(letters.Skip(1))
                .All(pair => "cruds".IndexOf(pair.First) < "cruds".IndexOf(pair.Second));
            if (!isInOrder)
            {
                GrantsNothing($"user/Observation.{letters}");
                continue;
            }

            granted++;
            foreach (var context in Contexts)
                Assert.Equal(RightsOf(letters), One($"{context}/Observation.{letters}").Rights);
        }

        Assert.Equal(31, granted);
    }

    [Theory]
    [InlineData("read", ScopeRights.Read | ScopeRights.Search)]
    [InlineData("write", ScopeRights.Create | ScopeRights.Update | ScopeRights.Delete)]
    [InlineData("*", ScopeRights.All)]
    public void The_words_of_the_first_version_are_letters_of_the_second(string word, ScopeRights rights)
    {
        foreach (var type in (string[])["Observation", "*"])
            Assert.Equal(new SmartScope(ScopeContext.Patient, type, rights, ""), One($"patient/{type}.{word}"));
    }

    [Fact]
    public void Every_type_of_the_definitions_and_no_other_is_a_type()
    {
        foreach (var type in R4Definitions.Schema.Resources)
            Assert.Equal(type.Name, One($"system/{type.Name}.rs").ResourceType);
        foreach (
            var type in (string[])
                [
                    "",
                    "observation",
                    "OBSERVATION",
                    "Observations",
                    "Resource",
                    "DomainResource",
                    "Quantity",
                    "**",
                    "Obs*",
                    " ",
                ]
        )
            Assert.Empty(ScopeSet.Parse($"system/{type}.rs").Resources);
    }

    [Fact]
    public void Each_context_is_read_and_no_other_spelling_of_it()
    {
        Assert.Equal(ScopeContext.Patient, One("patient/*.r").Context);
        Assert.Equal(ScopeContext.User, One("user/*.r").Context);
        Assert.Equal(ScopeContext.System, One("system/*.r").Context);
        foreach (var context in (string[])["Patient", "USER", "systems", "", "agent", "patient/user"])
            GrantsNothing($"{context}/Observation.rs");
    }

    [Theory]
    [InlineData("user/Observation.")]
    [InlineData("user/Observation")]
    [InlineData("user/.rs")]
    [InlineData("user.rs")]
    [InlineData("user/")]
    [InlineData("/")]
    [InlineData(".")]
    [InlineData("?")]
    [InlineData("user/Observation.sr")]
    [InlineData("user/Observation.rr")]
    [InlineData("user/Observation.R")]
    [InlineData("user/Observation.reads")]
    [InlineData("user/Observation.read.write")]
    [InlineData("user/Observation.Read")]
    [InlineData("user/Observation.**")]
    [InlineData("user/Observation.rs.")]
    [InlineData("user/Observation/1.rs")]
    [InlineData("user/Observation.rs?")]
    [InlineData("user/Observation.rs?category")]
    [InlineData("user/Observation.rs?=laboratory")]
    [InlineData("user/Observation.rs?category=")]
    [InlineData("user/Observation.rs?category=a&")]
    [InlineData("user/Observation.rs?&category=a")]
    [InlineData("user/Observation.rs?1=a")]
    [InlineData("user/Observation.?category=a")]
    [InlineData("user/Observation.read?category=a")]
    [InlineData("user/Observation.*?category=a")]
    [InlineData("user/Observation.rs?category=lab\u00e9")]
    [InlineData("user/Observation.rs\t")]
    [InlineData("user/Observation.rs,user/Patient.rs")]
    [InlineData("launch/encounter")]
    [InlineData("OpenId")]
    [InlineData("admin")]
    [InlineData("https://example.org/scope")]
    public void What_is_malformed_or_of_nobody_here_is_unknown_and_grants_nothing(string scope) => GrantsNothing(scope);

    [Theory]
    [InlineData("_include=Observation:subject")]
    [InlineData("_revinclude=Provenance:target")]
    [InlineData("_count=1")]
    [InlineData("_sort=date")]
    [InlineData("_elements=status")]
    [InlineData("_summary=true")]
    [InlineData("_total=none")]
    [InlineData("_has:Observation:patient:code=1")]
    [InlineData("_filter=x")]
    [InlineData("category=a&_count=1")]
    public void A_constraint_that_constrains_nothing_grants_nothing(string query) =>
        GrantsNothing($"user/Observation.rs?{query}");

    [Theory]
    [InlineData("category=laboratory")]
    [InlineData("category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory")]
    [InlineData("category=laboratory,vital-signs&status=final")]
    [InlineData("code:in=http://example.org/ValueSet/a")]
    [InlineData("subject.organization=1")]
    [InlineData("_tag=http://example.org|a")]
    [InlineData("_lastUpdated=ge2026-01-01")]
    [InlineData("_security:not=R")]
    [InlineData("date=ge2026&date=lt2027")]
    [InlineData("code=a.b/c?d=e")]
    public void A_constraint_is_kept_as_it_is(string query) =>
        Assert.Equal(
            new SmartScope(ScopeContext.User, "Observation", ScopeRights.Read | ScopeRights.Search, query),
            One($"user/Observation.rs?{query}")
        );

    [Fact]
    public void Scopes_are_sorted_by_what_they_are_and_counted_once()
    {
        var set = ScopeSet.Parse(
            "openid  fhirUser launch/patient patient/Observation.rs user/Task.cu openid patient/Observation.read nonsense profile launch offline_access online_access "
        );

        Assert.Equal(["patient/Observation.rs", "user/Task.cu"], set.Resources.Select(r => r.ToString()));
        Assert.Equal(
            ["openid", "fhirUser", "launch/patient", "profile", "launch", "offline_access", "online_access"],
            set.Others
        );
        Assert.Equal(["nonsense"], set.Unknown);
    }

    [Fact]
    public void No_scope_is_an_empty_set()
    {
        foreach (var text in (string[])["", " ", "   "])
            Assert.Equal("", ScopeSet.Parse(text).ToString());
        Assert.False(ScopeSet.Empty.IsOnly(ScopeContext.System));
    }

    [Theory]
    [InlineData("system/*.rs", true)]
    [InlineData("system/Patient.rs system/Task.cruds openid nonsense", true)]
    [InlineData("system/Patient.rs user/Task.rs", false)]
    [InlineData("patient/Patient.rs", false)]
    [InlineData("openid", false)]
    public void A_set_is_only_of_a_context_where_all_that_name_resources_are(string scopes, bool isOnly) =>
        Assert.Equal(isOnly, ScopeSet.Parse(scopes).IsOnly(ScopeContext.System));

    [Fact]
    public void A_scope_covers_its_type_and_a_star_all()
    {
        Assert.True(One("user/Task.r").Covers("Task"));
        Assert.False(One("user/Task.r").Covers("task"));
        Assert.False(One("user/Task.r").Covers("*"));
        Assert.All(R4Definitions.Schema.Resources, type => Assert.True(One("user/*.r").Covers(type.Name)));
    }
}
