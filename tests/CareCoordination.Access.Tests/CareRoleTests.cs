using CareCoordination.Access.Roles;

namespace CareCoordination.Access.Tests;

public sealed class CareRoleTests
{
    [Fact]
    public void Each_role_is_found_by_its_code_and_none_by_another_spelling()
    {
        Assert.All(CareRole.All, role => Assert.Same(role, CareRole.Find(role.Code)));
        Assert.Equal(CareRole.All.Length, CareRole.All.Select(role => role.Code).Distinct().Count());
        Assert.All((string[])["", "Lead", "lead ", "nurse"], code => Assert.Null(CareRole.Find(code)));
    }
}
