using CareCoordination.Access.Labels;
using CareCoordination.Access.Roles;
using CareCoordination.Access.Scopes;

namespace CareCoordination.Access.Tests;

/// <summary>The tables of docs/access.md are those that the policy is compiled from. <c>CARE_UPDATE_SNAPSHOTS=1</c> prints them anew.</summary>
public sealed class AccessPageTests
{
    public static TheoryData<string> Tables => ["roles", "relations", "labels", "operations"];

    [Theory, MemberData(nameof(Tables))]
    public void The_page_shows_the_tables_as_they_are(string table)
    {
        var page = File.ReadAllText(Page).ReplaceLineEndings("\n");
        var (start, end) = ($"<!-- {table} -->\n", $"<!-- /{table} -->");
        var from = page.IndexOf(start, StringComparison.Ordinal) + start.Length;
        var until = page.IndexOf(end, StringComparison.Ordinal);
        var printed = Print(table);
        if (Environment.GetEnvironmentVariable("CARE_UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(Page, page[..from] + printed + page[until..]);
        else
            Assert.Equal(printed, page[from..until]);
    }

    private static string Page
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "CareCoordination.sln")))
                folder = folder.Parent!;
            return Path.Combine(folder.FullName, "docs", "access.md");
        }
    }

    private static string Print(string table) =>
        string.Concat(
            (
                table switch
                {
                    "roles" => RoleRows(),
                    "relations" => RelationRows(),
                    "labels" => LabelRows(),
                    _ => OperationRows(),
                }
            ).Select(row => row + "\n")
        );

    private static IEnumerable<string> RoleRows() =>
        [
            "| role | may | of | which are about |",
            "|---|---|---|---|",
            .. RoleTable.WithExports.Select(grant =>
                $"| `{grant.Role.Code}` | {Letters(grant.Rights)} | {string.Join(", ", grant.Groups.Select(group => $"*{group}*").Concat(grant.Types))} | {Words(grant.Reach)} |"
            ),
            .. CareRole
                .All.Except(RoleTable.WithExports.Select(grant => grant.Role))
                .Select(role => $"| `{role.Code}` | nothing but its operations | | |"),
        ];

    private static IEnumerable<string> RelationRows() =>
        [
            "| role | relations that count |",
            "|---|---|",
            .. CareRole
                .All.Where(RoleTable.Relations.ContainsKey)
                .Select(role =>
                    $"| `{role.Code}` | {string.Join(", ", RoleTable.Relations[role].Select(kind => $"`{kind}`"))} |"
                ),
        ];

    private static IEnumerable<string> LabelRows() =>
        [
            "| role | does not see |",
            "|---|---|",
            .. CareRole
                .All.Where(role => RoleTable.Relations.ContainsKey(role) || role == CareRole.Analytics)
                .Select(role =>
                    $"| `{role.Code}` | {(RoleTable.Hidden(role) == SensitivityLabel.All ? "anything with a label" : RoleTable.Hidden(role).ToString())} |"
                ),
        ];

    private static IEnumerable<string> OperationRows() =>
        [
            "| operation | for |",
            "|---|---|",
            .. OperationRoles
                .Ids.Order(StringComparer.Ordinal)
                .Select(id =>
                    $"| `{id}` | {(OperationRoles.Of(id).Length == CareRole.All.Length ? "everybody" : string.Join(", ", OperationRoles.Of(id).Select(role => role.Code)))} |"
                ),
        ];

    private static string Letters(ScopeRights rights) =>
        string.Join(
            ", ",
            Enum.GetValues<ScopeRights>()
                .Where(r => r is not (ScopeRights.None or ScopeRights.All) && rights.HasFlag(r))
                .Select(r => r.ToString().ToLowerInvariant())
        );

    private static string Words(Reach reach) =>
        reach switch
        {
            Reach.All => "anybody or nobody",
            Reach.Related => "patients with a relation",
            Reach.Own => "themselves",
            Reach.Disclosed => "what a referral discloses to them",
            Reach.Exported => "anybody or nobody, in an export",
            Reach.Named => "anybody, and name the caller",
            _ => "nobody",
        };
}
