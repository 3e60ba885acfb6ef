using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Workflow.Tests.Lifecycles;

public sealed class LifecycleDiagramTests
{
    [Fact]
    public void Prints_a_state_diagram()
    {
        Assert.Equal(
            """
            stateDiagram-v2
                [*] --> proposed
                proposed --> active
                proposed --> inactive
                active --> suspended
                active --> inactive
                suspended --> active
                suspended --> inactive
                inactive --> [*]

            """,
            LifecycleDiagram.Mermaid(CareTeamLifecycle.Table)
        );
    }

    [Fact]
    public void Prints_a_table()
    {
        Assert.Equal(
            """
            | from | to | who | command | reason |
            |---|---|---|---|---|
            | draft | active | requester | `$activate` |  |
            | draft | revoked | requester | `$cancel` | required |
            | active | on-hold | requester | `$hold` | required |
            | active | revoked | requester | `$cancel` | required |
            | active | completed | requester | `$close-loop` |  |
            | on-hold | active | requester | `$resume` |  |
            | on-hold | revoked | requester | `$cancel` | required |
            | on-hold | completed | requester | `$close-loop` |  |
            | unknown | draft | requester | plain write |  |
            | unknown | active | requester | plain write |  |
            | unknown | on-hold | requester | plain write |  |
            | unknown | revoked | requester | plain write |  |
            | unknown | completed | requester | plain write |  |
            | any | entered-in-error | requester | plain write | |

            """,
            LifecycleDiagram.Markdown(ServiceRequestLifecycle.Table)
        );
    }

    [Fact]
    public void Names_states_that_mermaid_cannot_write()
    {
        var diagram = LifecycleDiagram.Mermaid(TaskLifecycle.Table);

        Assert.Contains("    state \"in-progress\" as in_progress\n", diagram, StringComparison.Ordinal);
        Assert.Contains("    on_hold --> in_progress : $resume\n", diagram, StringComparison.Ordinal);
        Assert.Contains("    completed --> [*]\n", diagram, StringComparison.Ordinal);
    }
}
