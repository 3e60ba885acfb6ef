using CareCoordination.Access.Scopes;
using CareCoordination.Fhir.R4;
using FsCheck;
using FsCheck.Fluent;

namespace CareCoordination.Access.Tests.Scopes;

/// <summary>What holds for every scope and every text.</summary>
public sealed class ScopePropertyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(5000);

    [Fact]
    public void A_scope_that_was_printed_reads_as_itself() =>
        Prop.ForAll(
                Scopes().ToArbitrary(),
                scope =>
                    ScopeSet.Parse(scope.ToString()) is { Others.IsEmpty: true, Unknown.IsEmpty: true } set
                    && set.Resources.SequenceEqual([scope])
            )
            .Check(Many);

    [Fact]
    public void A_set_that_was_printed_reads_as_itself() =>
        Prop.ForAll(
                Words().ListOf().ToArbitrary(),
                words =>
                {
                    var set = ScopeSet.Parse(string.Join(' ', words));
                    var again = ScopeSet.Parse(set.ToString());
                    return again.Resources.SequenceEqual(set.Resources)
                        && again.Others.SequenceEqual(set.Others)
                        && again.Unknown.SequenceEqual(set.Unknown);
                }
            )
            .Check(Many);

    [Fact]
    public void No_text_stops_the_reading_and_no_word_is_lost() =>
        Prop.ForAll<NonNull<string>>(text =>
            {
                var set = ScopeSet.Parse(text.Get);
                var words = text.Get.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().Count();
                return set.Resources.Length + set.Others.Length + set.Unknown.Length == words;
            })
            .Check(Many);

    /// <summary>What differs in one letter from a scope is another scope that prints as it was written, or none at all.</summary>
    [Fact]
    public void A_changed_letter_never_widens_silently() =>
        Prop.ForAll(
                Scopes().ToArbitrary(),
                Gen.Choose(0, 1000).ToArbitrary(),
                Gen.Elements("cruds*/.?=&_ ,;\t\0éS".ToCharArray()).ToArbitrary(),
                (scope, at, letter) =>
                {
                    var text = scope.ToString().ToCharArray();
                    text[at % text.Length] = letter;
                    var changed = new string(text);
                    return ScopeSet
                        .Parse(changed)
                        .Resources.All(read =>
                            read.ToString() == changed
                            || changed.Contains(' ')
                            || changed.EndsWith(".*", StringComparison.Ordinal)
                        );
                }
            )
            .Check(Many);

    private static Gen<string> Words() =>
        Gen.OneOf(
            Scopes().Select(scope => scope.ToString()),
            Gen.Elements(
                "openid",
                "fhirUser",
                "launch",
                "launch/patient",
                "offline_access",
                "user/*.read",
                "patient/Task.*"
            ),
            Gen.Elements("nonsense", "user/Observation.sr", ".", "patient/Nothing.rs", "user/Task.rs?")
        );

    private static Gen<SmartScope> Scopes() =>
        from context in Gen.Elements(Enum.GetValues<ScopeContext>())
        from type in Gen.Elements([.. R4Definitions.Schema.Resources.Select(t => t.Name), "*"])
        from rights in Gen.Choose(1, (int)ScopeRights.All)
        from query in Gen.Elements(
            "",
            "",
            "category=a",
            "code=http://loinc.org|8867-4&status=final",
            "_tag=a,b",
            "x.y:z=1?2"
        )
        select new SmartScope(context, type, (ScopeRights)rights, query);
}
